// Check "personal-data": nothing that belongs to a person stands in an artifact. In a sandbox it is
// refused, elsewhere reported. What belongs to nobody passes: reserved domains and numbers, test
// cards, addresses for documentation and of private networks.
#include "check/check_rows.h"

#include "base/memory.h"
#include "check/check_kit.h"
#include "check/pii_file.h"

#define UNREAD_RULE "personal-data.unread"

struct look {
    struct finding_list *findings;
    enum severity severity;
};

static enum status add_finding(void *context, const struct pii_file_span *found, struct error *err)
{
    const struct look *look = context;
    const struct pii_span *span = found->span;
    const struct pii_entity_words *words = pii_entity_words(span->entity);
    char shown[PII_FILE_SHOWN_BYTES + 1];
    const struct finding_draft draft = { .severity = look->severity,
                                         .rule = words->rule,
                                         .file = found->path,
                                         .line = found->place.line,
                                         .column = found->place.column,
                                         .mend = words->mend };
    if (span->allowed)
        return STATUS_OK;
    pii_file_obscure(shown, found->bytes + span->begin, span->end - span->begin);
    return finding_add(look->findings, &draft, err, "%s: '%s'", words->label, shown);
}

static enum status add_unread(void *context, const char *path, const char *why, const char *mend,
                              struct error *err)
{
    const struct look *look = context;
    const struct finding_draft draft = {
        .severity = SEVERITY_WARNING, .rule = UNREAD_RULE, .file = path, .mend = mend
    };
    return finding_add(look->findings, &draft, err, "not searched for personal data: %s", why);
}

enum status check_personal_data_run(const struct check_subject *subject,
                                    struct finding_list *findings, struct error *err)
{
    struct pii_detector *detector = NULL;
    TRY(check_kit_detector(subject->kit, &detector, err));
    struct look look = {
        .findings = findings,
        .severity = subject->is_sandbox ? SEVERITY_ERROR : SEVERITY_WARNING,
    };
    const struct pii_file_visitor visitor = { add_finding, add_unread, &look };
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(pii_file_scan(detector, &subject->content->files[i], &visitor, err));
    return STATUS_OK;
}
