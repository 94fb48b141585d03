// Text as the detectors read it: escapes decoded, look-alikes of digits and spaces made plain, with
// the way back to the bytes it came from.
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// What else than plain characters may stand in a text.
enum pii_form {
    PII_PLAIN,
    PII_JSON,   // \n, \u0040 and the other escapes of JSON strings
    PII_MARKUP, // Markdown and HTML: \@, &#64; &#x40; &nbsp; &amp; &lt; &gt;
};

// By the end of a path: .json .jsonl are JSON, .md .markdown .html .htm are markup.
enum pii_form pii_text_form_of(const char *path);

// From `from` on (in the plain text), what stands at offset x came from x + shift.
struct pii_text_shift {
    size_t from;
    size_t shift;
};

// Starts as {0}. `plain` is UTF-8: full-width ASCII and other scripts' decimal digits are ASCII,
// every space but line ends is U+0020, every hyphen and dash is '-', zero-width characters and soft
// hyphens are gone, and a byte that is not UTF-8 or is NUL stands as U+001A.
struct pii_text {
    struct buffer plain;
    struct pii_text_shift *shifts;
    size_t shift_count;
    size_t shift_capacity;
};

#define PII_TEXT_MAX_BYTES (64U << 20) // documents too large to speak from end far below

// STATUS_TOO_LARGE over PII_TEXT_MAX_BYTES. Any bytes at all will do.
enum status pii_text_read(struct pii_text *out, const char *bytes, size_t length,
                          enum pii_form form, struct error *err);
void pii_text_release(struct pii_text *text);

// Where a place of the plain text was in the bytes read. The end of a span is such a place too: the
// one behind its last character (and behind zero-width ones that follow it).
size_t pii_text_original(const struct pii_text *text, size_t offset);
