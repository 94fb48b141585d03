// Where personal data stands in a text: what the detector answers.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "check/pii_entity.h"

struct pii_span {
    size_t begin; // byte offsets into the bytes scanned: [begin, end)
    size_t end;
    enum pii_entity entity;
    const char *rule;    // its id in pii.json; borrowed from the detector
    const char *allowed; // why it is nobody's ("reserved-domain", "private", …); NULL if it is not
    size_t value;        // for pii_spans_value
};

// Starts as {0}. Sorted by place; spans do not overlap.
struct pii_spans {
    struct pii_span *items;
    size_t count;
    size_t capacity;
    struct buffer values;
};

#define PII_SPANS_MAX 1000000 // of one text; an address list of 64 MiB has fewer

void pii_spans_release(struct pii_spans *spans);

// STATUS_TOO_LARGE over PII_SPANS_MAX.
enum status pii_spans_add(struct pii_spans *spans, const struct pii_span *span, const char *value,
                          struct error *err);
void pii_spans_sort(struct pii_spans *spans);

// One form for one value, however it was written: "+14155550123", "jane@example.com". Borrowed.
const char *pii_spans_value(const struct pii_spans *spans, const struct pii_span *span);

// How many there are that are not allowed.
size_t pii_spans_count_refused(const struct pii_spans *spans);
