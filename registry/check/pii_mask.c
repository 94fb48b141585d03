// Masked copies of texts.
#include "check/pii_mask.h"

#include "base/memory.h"
#include "check/pii_standin.h"

static enum status append_standin(struct buffer *out, const struct pii_spans *spans,
                                  const struct pii_span *span, const char *bytes,
                                  enum pii_form form, struct hasher *hasher, struct error *err)
{
    struct pii_text text OWNED(pii_text_release) = { 0 };
    TRY(pii_text_read(&text, bytes + span->begin, span->end - span->begin, form, err));
    const struct pii_original original = { .entity = span->entity,
                                           .value = pii_spans_value(spans, span),
                                           .text = buffer_text(&text.plain) };
    return pii_standin_append(out, &original, hasher, err);
}

enum status pii_mask_bytes(struct buffer *out, size_t *out_count, struct pii_detector *detector,
                           const char *bytes, size_t length, enum pii_form form, struct error *err)
{
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    struct hasher *hasher OWNED(hasher_release) = NULL;
    size_t at = 0;
    size_t count = 0;
    TRY(pii_detector_scan(detector, &spans, bytes, length, form, err));
    TRY(hasher_new(&hasher, err));
    for (size_t i = 0; i < spans.count; i++) {
        const struct pii_span *span = &spans.items[i];
        if (span->allowed)
            continue;
        buffer_append(out, bytes + at, span->begin - at);
        TRY(append_standin(out, &spans, span, bytes, form, hasher, err));
        at = span->end;
        count++;
    }
    buffer_append(out, bytes + at, length - at);
    TRY(buffer_check(out, err));
    if (out_count)
        *out_count = count;
    return STATUS_OK;
}
