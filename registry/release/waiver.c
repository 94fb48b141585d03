// Waivers: what was reviewed passes.
#include "release/waiver.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

// Checks whose judgement a person may overrule after looking.
static const char *const waivable[] = {
    "personal-data.",      "secrets.",   "injection.", "knowledge.",
    "tool-compatibility.", "readiness.", "template.",
};

enum status waiver_check_rule(const char *rule, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(waivable); i++)
        if (text_starts_with(rule, waivable[i]))
            return STATUS_OK;
    error_set(err, STATUS_INVALID, "rule_not_waivable", "'%.80s' cannot be waived", rule);
    return error_hint(err, "a waiver is for rules of personal-data, secrets, injection, knowledge, "
                           "tool-compatibility, readiness and template, e.g. personal-data.phone");
}

static const struct control_waiver *find(const struct control *control,
                                         const struct artifact_id *id, int64_t now,
                                         const struct finding *finding)
{
    struct error unused;
    for (size_t i = 0; i < control->waiver_count; i++) {
        const struct control_waiver *waiver = &control->waivers[i];
        if (id_same_artifact(&waiver->id, id) && now < waiver->expires &&
            text_matches(waiver->rule, finding->rule) &&
            text_matches(waiver->path, finding->file) &&
            waiver_check_rule(finding->rule, &unused) == STATUS_OK)
            return waiver;
    }
    return NULL;
}

enum status waiver_apply(const struct control *control, const struct artifact_id *id, int64_t now,
                         struct finding_list *findings, size_t first, struct error *err)
{
    for (size_t i = first; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        struct buffer mend OWNED(buffer_release) = { 0 };
        const struct control_waiver *waiver =
            finding->severity == SEVERITY_ERROR ? find(control, id, now, finding) : NULL;
        if (!waiver)
            continue;
        buffer_append_format(&mend, "waived by %s: %s", waiver->actor, waiver->reason);
        TRY(buffer_check(&mend, err));
        finding->severity = SEVERITY_NOTE;
        free(finding->mend);
        finding->mend = buffer_detach(&mend);
    }
    return STATUS_OK;
}
