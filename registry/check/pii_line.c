// What one line of a text holds.
#include "check/pii_line.h"

#include <stdint.h>
#include <string.h>

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

void pii_line_read(struct pii_line *line, const struct pattern_text *text)
{
    const unsigned char *bytes = (const unsigned char *)text->bytes;
    const char *end = memchr(bytes + line->begin, '\n', text->length - line->begin);
    unsigned shape = 0;
    unsigned digits = 0;
    unsigned run = 0;
    unsigned together = 0;
    line->end = end ? (size_t)(end - text->bytes) : text->length;
    memset(line->shapes, 0, sizeof(line->shapes));
    for (size_t at = line->begin; at < line->end; at++) {
        unsigned sort = sorts[bytes[at]];
        bool is_digit = sort == DIGIT;
        shape = (shape * SORTS + sort % SORTS) % PII_SHAPES;
        line->shapes[shape] = true;
        digits += is_digit;
        run = is_digit || sort == SIGN ? run + is_digit : 0;
        together = run > together ? run : together;
    }
    line->digits = digits;
    line->together = together;
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
    *out = (unsigned char)shape;
    return true;
}
