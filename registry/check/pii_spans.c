// Lists of spans.
#include "check/pii_spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void pii_spans_release(struct pii_spans *spans)
{
    free(spans->items);
    buffer_release(&spans->values);
    *spans = (struct pii_spans) { 0 };
}

enum status pii_spans_add(struct pii_spans *spans, const struct pii_span *span, const char *value,
                          struct error *err)
{
    if (spans->count >= PII_SPANS_MAX)
        return error_set(err, STATUS_TOO_LARGE, "pii_too_many",
                         "more than %d places with personal data in one text", PII_SPANS_MAX);
    TRY(memory_grow(&spans->items, spans->count, &spans->capacity, sizeof(*spans->items), err));
    spans->items[spans->count] = *span;
    spans->items[spans->count].value = spans->values.length;
    buffer_append(&spans->values, value, strlen(value) + 1);
    TRY(buffer_check(&spans->values, err));
    spans->count++;
    return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
    const struct pii_span *left = a;
    const struct pii_span *right = b;
    return (left->begin > right->begin) - (left->begin < right->begin);
}

void pii_spans_sort(struct pii_spans *spans)
{
    if (spans->count > 1)
        qsort(spans->items, spans->count, sizeof(*spans->items), compare);
}

const char *pii_spans_value(const struct pii_spans *spans, const struct pii_span *span)
{
    return buffer_text(&spans->values) + span->value;
}

size_t pii_spans_count_refused(const struct pii_spans *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < spans->count; i++)
        count += spans->items[i].allowed == NULL;
    return count;
}
