// Masked copies of texts.
#include "check/pii_mask.h"

#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "check/pii_standin.h"

// A stand-in may make something new with what stands around it (a number behind "phone:", say),
// which is masked in its turn. Hardly a text needs more than two passes, and none of thousands
// that were drawn by lot more than four.
#define PASSES_MAX 8

static enum status append_standin(struct buffer *out, const struct pii_spans *spans,
                                  const struct pii_span *span, const char *bytes,
                                  enum pii_form form, struct error *err)
{
    struct pii_text text OWNED(pii_text_release) = { 0 };
    TRY(pii_text_read(&text, bytes + span->begin, span->end - span->begin, form, err));
    const struct pii_original original = { .entity = span->entity,
                                           .value = pii_spans_value(spans, span),
                                           .text = buffer_text(&text.plain) };
    return pii_standin_append(out, &original, err);
}

static enum status mask_once(struct buffer *out, size_t *out_count, struct pii_detector *detector,
                             const struct pii_mask_text *text, struct error *err)
{
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    size_t at = 0;
    *out_count = 0;
    TRY(pii_detector_scan(detector, &spans, text->bytes, text->length, text->form, err));
    for (size_t i = 0; i < spans.count; i++) {
        const struct pii_span *span = &spans.items[i];
        if (span->allowed)
            continue;
        buffer_append(out, text->bytes + at, span->begin - at);
        TRY(append_standin(out, &spans, span, text->bytes, text->form, err));
        at = span->end;
        (*out_count)++;
    }
    buffer_append(out, text->bytes + at, text->length - at);
    return buffer_check(out, err);
}

// Whether every line of the original that is JSON still is; told of the first that is not.
static enum status check_lines(const char *before, const char *after, struct error *err)
{
    for (size_t line = 1; *before; line++) {
        struct json *value OWNED(json_release) = NULL;
        struct json *masked OWNED(json_release) = NULL;
        struct error not_json;
        size_t length_before = strcspn(before, "\n");
        size_t length_after = strcspn(after, "\n");
        if (json_parse(&value, before, length_before, &not_json) == STATUS_OK &&
            json_parse(&masked, after, length_after, err) != STATUS_OK)
            return error_prefix(err, "text line %zu", line);
        before += length_before + (before[length_before] == '\n');
        after += length_after + (after[length_after] == '\n');
    }
    return STATUS_OK;
}

// What was JSON stays JSON. Stand-ins see to that but for keys: there are more telephone numbers
// than numbers that are nobody's, so that two keys may become one.
static enum status check_json(const struct pii_mask_text *text, const struct buffer *masked,
                              struct error *err)
{
    struct json *before OWNED(json_release) = NULL;
    struct json *after OWNED(json_release) = NULL;
    struct buffer copy OWNED(buffer_release) = { 0 };
    struct error not_json;
    enum status status = STATUS_OK;
    if (json_parse(&before, text->bytes, text->length, &not_json) == STATUS_OK) {
        status = json_parse(&after, buffer_text(masked), masked->length, err);
    } else {
        buffer_append(&copy, text->bytes, text->length);
        TRY(buffer_check(&copy, err));
        status = check_lines(buffer_text(&copy), buffer_text(masked), err);
    }
    if (status != STATUS_INVALID)
        return status;
    err->status = STATUS_REFUSED;
    err->code = "mask_breaks_json";
    (void)error_prefix(err, "masked, it would be JSON no more");
    return error_hint(err, "let personal data be values and not keys, and mask it again");
}

enum status pii_mask_bytes(struct buffer *out, size_t *out_count, struct pii_detector *detector,
                           const struct pii_mask_text *text, struct error *err)
{
    struct buffer masked OWNED(buffer_release) = { 0 };
    size_t first = 0;
    size_t count = 0;
    TRY(mask_once(&masked, &first, detector, text, err));
    count = first;
    for (int pass = 1; count > 0; pass++) {
        struct buffer again OWNED(buffer_release) = { 0 };
        const struct pii_mask_text so_far = { buffer_text(&masked), masked.length, text->form };
        if (pass == PASSES_MAX)
            return error_set(err, STATUS_REFUSED, "mask_incomplete",
                             "it still holds personal data after it was masked %d times", pass);
        TRY(mask_once(&again, &count, detector, &so_far, err));
        struct buffer before = masked;
        masked = again;
        again = before;
    }
    if (first > 0 && text->form == PII_JSON)
        TRY(check_json(text, &masked, err));
    buffer_append(out, buffer_text(&masked), masked.length);
    TRY(buffer_check(out, err));
    if (out_count)
        *out_count = first;
    return STATUS_OK;
}
