// What a pattern cannot say about a candidate: check digits, ranges, lengths. One table, by the
// names that pii.json uses.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define PII_VALUE_BYTES 384 // the longest is an e-mail address: 64 + 1 + 255, and its NUL

struct pii_candidate {
    const char *text; // the plain text around, `text_length` bytes
    size_t text_length;
    size_t begin;
    size_t end;                  // a validator may bring it forward
    const char *country;         // calling code that the rule knows, "44"; or NULL
    char value[PII_VALUE_BYTES]; // one form for one value: what is allowed and masked goes by it
};

// Whether it is one; fills `value`. What is too long for it is none.
typedef bool (*pii_validator)(struct pii_candidate *candidate);

// NULL when there is none of that name.
pii_validator pii_validate_find(const char *name);
