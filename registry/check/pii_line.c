// What one line of a text holds.
#include "check/pii_line.h"

#include <stdint.h>
#include <string.h>

#include "base/byte_run.h"

#define SHAPE_BYTES 4

// In the two low bits of the table; SIGN is a bit of its own.
enum { OTHER, CAPITAL, SMALL, DIGIT, SORTS, SIGN = SORTS };

static const unsigned char sorts[256] = {
    ['A' ... 'Z'] = CAPITAL,
    ['a' ... 'z'] = SMALL,
    ['0' ... '9'] = DIGIT,
    [' '] = SIGN,
    ['('] = SIGN,
    [')'] = SIGN,
    ['+'] = SIGN,
    ['-'] = SIGN,
    ['.'] = SIGN,
    ['/'] = SIGN,
};

// Where in eight bytes one may be a digit.
static uint64_t may_hold_digit(uint64_t eight)
{
    uint64_t digits = eight ^ BYTE_RUN_EIGHT('0'); // below ten, if it is one
    return (digits - BYTE_RUN_EIGHT(10)) & ~digits & BYTE_RUN_EIGHT(0x80);
}

static size_t next_digit(const unsigned char *bytes, size_t at, size_t end)
{
    at += byte_run_length((const char *)bytes + at, end - at, may_hold_digit);
    while (at < end && sorts[bytes[at]] != DIGIT)
        at++;
    return at;
}

static bool are_signs(const unsigned char *bytes, size_t from, size_t to)
{
    while (from < to && sorts[bytes[from]] == SIGN)
        from++;
    return from == to;
}

// Of the four bytes that end at `at`; in front of the line stands nothing.
static unsigned shape_at(const unsigned char *bytes, size_t begin, size_t at)
{
    unsigned shape = 0;
    for (size_t i = at - begin < SHAPE_BYTES - 1 ? begin : at - (SHAPE_BYTES - 1); i <= at; i++)
        shape = shape * SORTS + sorts[bytes[i]] % SORTS;
    return shape;
}

void pii_line_read(struct pii_line *line, const struct pattern_text *text)
{
    const unsigned char *bytes = (const unsigned char *)text->bytes;
    const char *end = memchr(bytes + line->begin, '\n', text->length - line->begin);
    unsigned run = 0;
    size_t before = line->begin;
    line->end = end ? (size_t)(end - text->bytes) : text->length;
    line->digits = 0;
    line->together = 0;
    memset(line->shapes, 0, sizeof(line->shapes));
    for (size_t at; (at = next_digit(bytes, before, line->end)) < line->end; before = at) {
        unsigned shape = shape_at(bytes, line->begin, at);
        size_t first = at;
        run = are_signs(bytes, before, at) ? run : 0;
        for (; at < line->end && sorts[bytes[at]] == DIGIT; at++) {
            line->shapes[shape] = true;
            shape = (shape * SORTS + DIGIT) % PII_SHAPES;
        }
        run += (unsigned)(at - first);
        line->digits += (unsigned)(at - first);
        line->together = run > line->together ? run : line->together;
    }
}

bool pii_line_parse_shape(unsigned char *out, const char *text)
{
    static const char letters[] = ".Aa9"; // in the order of the sorts
    unsigned shape = 0;
    if (strlen(text) != SHAPE_BYTES)
        return false;
    for (; *text; text++) {
        const char *letter = strchr(letters, *text);
        if (!letter)
            return false;
        shape = shape * SORTS + (unsigned)(letter - letters);
    }
    if (shape % SORTS != DIGIT)
        return false;
    *out = (unsigned char)shape;
    return true;
}
