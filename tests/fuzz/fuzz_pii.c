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

// A masked copy has nothing left that is refused, and what was JSON is JSON.
static void check_mask(const struct pii_mask_text *text, size_t refused)
{
    struct error err = { 0 };
    size_t count = 0;
    struct buffer masked OWNED(buffer_release) = { 0 };
    struct json *value OWNED(json_release) = NULL;
    enum status status = pii_mask_bytes(&masked, &count, shared_detector(), text, &err);
    if (status == STATUS_REFUSED) {
        must(refused > 0 && strncmp(err.code, "mask_", 5) == 0);
        return;
    }
    must(status == STATUS_OK && (count > 0) == (refused > 0));
    must(count > 0 || (masked.length == text->length &&
                       memcmp(buffer_text(&masked), text->bytes, text->length) == 0));
    must(check_spans(buffer_text(&masked), masked.length, text->form) == 0);
    bool was_json =
        text->form == PII_JSON && json_parse(&value, text->bytes, text->length, &err) == STATUS_OK;
    json_free(value);
    value = NULL;
    must(!was_json || json_parse(&value, buffer_text(&masked), masked.length, &err) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct pii_mask_text text = {
        .bytes = (const char *)data + 1,
        .length = size - 1,
        .form = data[0] % 3 == 1   ? PII_JSON
                : data[0] % 3 == 2 ? PII_MARKUP
                                   : PII_PLAIN,
    };
    check_mask(&text, check_spans(text.bytes, text.length, text.form));
    return 0;
}
