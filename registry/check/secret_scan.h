// Finds secrets in a text: known shapes, and values that something calls a password or key.
#pragma once

#include "artifact/pattern.h"
#include "check/pii_text.h"

// Holds the shapes, compiled as they are needed. One thread at a time.
struct secret_scan;
enum status secret_scan_new(struct secret_scan **out, struct error *err);
void secret_scan_free(struct secret_scan *scan);
void secret_scan_release(struct secret_scan **scan); // for OWNED

struct secret_span {
    size_t begin; // byte offsets into the bytes scanned
    size_t end;
    const char *rule;  // "secrets.github-token"
    const char *label; // "a GitHub token"
};

// Starts as {0}. Sorted by place; spans do not overlap.
struct secret_spans {
    struct secret_span *items;
    size_t count;
    size_t capacity;
};
void secret_scan_spans_release(struct secret_spans *spans);

// More than this many are not looked for in one text: whoever has mended those asks again.
#define SECRET_SCAN_MAX_SPANS 1000

// Adds the secrets in any bytes at all to an empty list. STATUS_TOO_LARGE over PII_TEXT_MAX_BYTES.
enum status secret_scan_bytes(struct secret_scan *scan, struct secret_spans *out, const char *bytes,
                              size_t length, enum pii_form form, struct error *err);
