// What one line of a text holds, read once, so that most rules need not look at most lines.
// Internal to pii_*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/json.h"
#include "artifact/pattern.h"
#include "base/error.h"

// A shape is a run of four bytes that ends in a digit, of which each counts as one of four sorts:
// 'A' a capital of ASCII, 'a' a small letter of it, '9' a digit, '.' anything else. Their numbers
// are below 256.
#define PII_SHAPES 256
#define PII_SHAPES_OF_RULE 4

struct pii_line {
    size_t begin;
    size_t end;              // of the line, before its line feed
    unsigned digits;         // on the line
    unsigned together;       // the most of them with nothing between but " ()+-./"
    bool shapes[PII_SHAPES]; // those on the line
};

// Reads the line that begins at line->begin.
void pii_line_read(struct pii_line *line, const struct pattern_text *text);

// The number of a shape that is written so: "AA99". False when it is none.
bool pii_line_parse_shape(unsigned char *out, const char *text);
