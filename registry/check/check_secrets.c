// Check "secrets": no password, key or token stands in an artifact; artifacts name secrets through
// bindings. Refused everywhere, and never shown whole.
#include "check/check_rows.h"

#include <string.h>

#include "base/memory.h"
#include "check/check_kit.h"
#include "check/place.h"
#include "check/secret_scan.h"

#define SHOWN_BYTES 4         // of a token: its issuer's prefix, from which nobody gets in
#define SHOWN_LEAST_LENGTH 20 // nothing is shown of what is shorter

static const char mend[] = "take it out, and have its issuer withdraw it: whoever could read the "
                           "draft has it. Name it through a binding instead: "
                           "\"headers\": {\"Authorization\": {\"secret\": \"crm-token\"}}";

static enum status add_findings(const struct secret_spans *spans, const char *path,
                                const char *bytes, struct finding_list *findings, struct error *err)
{
    struct place place = PLACE_START;
    for (size_t i = 0; i < spans->count; i++) {
        const struct secret_span *span = &spans->items[i];
        size_t length = span->end - span->begin;
        bool shown = length >= SHOWN_LEAST_LENGTH && strcmp(span->rule, "secrets.password") != 0;
        place_advance(&place, bytes, span->begin);
        const struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                             .rule = span->rule,
                                             .file = path,
                                             .line = place.line,
                                             .column = place.column,
                                             .mend = mend };
        TRY(finding_add(findings, &draft, err, "%s: '%.*s…', %zu bytes", span->label,
                        shown ? SHOWN_BYTES : 0, bytes + span->begin, length));
    }
    return STATUS_OK;
}

static enum status look_at_file(struct secret_scan *scan, const struct content_file *file,
                                struct finding_list *findings, struct error *err)
{
    struct error scan_error = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    struct secret_spans spans OWNED(secret_scan_spans_release) = { 0 };
    enum status status = STATUS_TOO_LARGE;
    if (file->size_bytes <= PII_TEXT_MAX_BYTES) {
        TRY(content_view(&view, file, err));
        status = secret_scan_bytes(scan, &spans, view.bytes, view.size_bytes,
                                   pii_text_form_of(file->path), &scan_error);
    }
    if (status == STATUS_TOO_LARGE) {
        const struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                             .rule = "secrets.unread",
                                             .file = file->path,
                                             .mend = "split the file" };
        return finding_add(findings, &draft, err, "not searched for secrets: it is too large");
    }
    if (status != STATUS_OK) {
        *err = scan_error;
        return status;
    }
    return add_findings(&spans, file->path, view.bytes, findings, err);
}

enum status check_secrets_run(const struct check_subject *subject, struct finding_list *findings,
                              struct error *err)
{
    struct secret_scan *scan = NULL;
    TRY(check_kit_secrets(subject->kit, &scan, err));
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(look_at_file(scan, &subject->content->files[i], findings, err));
    return STATUS_OK;
}
