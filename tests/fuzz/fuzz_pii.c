// Fuzzes the detector of personal data, and the masking of what it finds. The first byte chooses
// the form that the rest is read in.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "check/pii_mask.h"
#include "fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Kept over all inputs: compiling the rules takes longer than a text.
static struct pii_detector *shared_detector(void)
{
    static struct pii_detector *detector;
    struct error err = { 0 };
    if (!detector)
        must(pii_detector_new(&detector, &err) == STATUS_OK);
    return detector;
}

// How many spans are refused; each must lie in the text, behind the one before.
static size_t check_spans(const char *text, size_t length, enum pii_form form)
{
    struct error err = { 0 };
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    must(pii_detector_scan(shared_detector(), &spans, text, length, form, &err) == STATUS_OK);
    size_t end = 0;
    for (size_t i = 0; i < spans.count; i++) {
        const struct pii_span *span = &spans.items[i];
        must(span->begin >= end && span->end > span->begin && span->end <= length);
        must(span->entity < PII_ENTITY_COUNT && span->rule && pii_spans_value(&spans, span)[0]);
        end = span->end;
    }
    return pii_spans_count_refused(&spans);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct buffer masked OWNED(buffer_release) = { 0 };
    struct json *before OWNED(json_release) = NULL;
    struct json *after OWNED(json_release) = NULL;
    if (size == 0)
        return 0;
    enum pii_form form = data[0] % 3 == 1 ? PII_JSON : data[0] % 3 == 2 ? PII_MARKUP : PII_PLAIN;
    const char *text = (const char *)data + 1;
    size_t count = 0;
    size--;
    size_t refused = check_spans(text, size, form);
    must(pii_mask_bytes(&masked, &count, shared_detector(), text, size, form, &err) == STATUS_OK);
    must(count == refused);
    must(count > 0 || (masked.length == size && (size == 0 || !memcmp(masked.bytes, text, size))));
    check_spans(buffer_text(&masked), masked.length, form);
    if (form == PII_JSON && json_parse(&before, text, size, &err) == STATUS_OK)
        must(json_parse(&after, buffer_text(&masked), masked.length, &err) == STATUS_OK ||
             strstr(err.message, "twice")); // two keys may get one stand-in
    return 0;
}
