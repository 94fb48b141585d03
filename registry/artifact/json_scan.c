// JSON text as tokens.
#include "artifact/json_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "artifact/json_text.h"
#include "base/byte_run.h"

// Far beyond any number that means something; the text of each is kept, and compared digit by
// digit.
#define MAX_NUMBER_BYTES 512

enum scan_state {
    AT_VALUE,       // a value must follow
    AT_FIRST_ITEM,  // behind '[': a value or ']'
    AT_FIRST_KEY,   // behind '{': a key or '}'
    AT_KEY,         // behind ',' in an object
    AT_COMMA_OR_END // behind a value
};

void json_scan_begin(struct json_scan *scan, const char *bytes, size_t length)
{
    *scan = (struct json_scan) { .bytes = bytes, .length = length, .state = AT_VALUE };
}

void json_scan_place(const char *bytes, size_t offset, uint32_t *out_line, uint32_t *out_column)
{
    uint32_t line = 1;
    const char *start = bytes;
    const char *end = bytes + offset;
    for (const char *found; (found = memchr(start, '\n', (size_t)(end - start))) != NULL; line++)
        start = found + 1;
    uint32_t column = 1;
    for (; start < end; start++)
        column += ((unsigned char)*start & 0xC0) != 0x80;
    *out_line = line;
    *out_column = column;
}

enum status json_scan_fail(const char *bytes, size_t offset, struct error *err, const char *format,
                           ...)
{
    uint32_t line;
    uint32_t column;
    json_scan_place(bytes, offset, &line, &column);
    char what[ERROR_MESSAGE_BYTES - 64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    error_set(err, STATUS_INVALID, "json_invalid", "line %u, column %u: %s", line, column, what);
    return error_hint(err, "mend the text at that place; it must be JSON as RFC 8259 has it");
}

// "expected <what>, found <what is at scan->at>"
static enum status fail_expected(const struct json_scan *scan, struct error *err, const char *what)
{
    const char *bytes = scan->bytes;
    if (scan->at >= scan->length)
        return json_scan_fail(bytes, scan->length, err, "expected %s, but the text ends here",
                              what);
    unsigned char byte = (unsigned char)bytes[scan->at];
    if (byte < 0x20 || byte == 0x7F)
        return json_scan_fail(bytes, scan->at, err, "expected %s, found the control character %02x",
                              what, byte);
    size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (length > scan->length - scan->at)
        length = scan->length - scan->at;
    return json_scan_fail(bytes, scan->at, err, "expected %s, found '%.*s'", what, (int)length,
                          bytes + scan->at);
}

// Here and in skip_plain the place is kept outside of the struct, which the bytes might be part of
// as far as the compiler can tell: half of reading JSON is these two loops.
static void skip_space(struct json_scan *scan)
{
    size_t at = scan->at;
    for (; at < scan->length; at++) {
        char c = scan->bytes[at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            break;
    }
    scan->at = at;
}

static uint64_t may_stop(uint64_t eight)
{
    uint64_t below_space = (eight - BYTE_RUN_EIGHT(0x20)) & ~eight & BYTE_RUN_EIGHT(0x80);
    return byte_run_find(eight, '"') | byte_run_find(eight, '\\') | below_space;
}

// Moves to what ends a string, begins an escape, or may not stand in a string.
static void skip_plain(struct json_scan *scan)
{
    static const bool stops[256] = { [0 ... 0x1F] = true, ['"'] = true, ['\\'] = true };
    size_t at = scan->at;
    at += byte_run_length(scan->bytes + at, scan->length - at, may_stop);
    while (at < scan->length && !stops[(unsigned char)scan->bytes[at]])
        at++;
    scan->at = at;
}

static int peek(const struct json_scan *scan)
{
    return scan->at < scan->length ? (unsigned char)scan->bytes[scan->at] : -1;
}

// At the 'u' of an escape; moves behind it.
static enum status scan_unicode_escape(struct json_scan *scan, struct error *err)
{
    const char *end = scan->bytes + scan->length;
    const char *at = scan->bytes + scan->at + 1;
    size_t start = scan->at - 1;
    int unit = json_text_hex4(at, end);
    if (unit < 0)
        return json_scan_fail(scan->bytes, start, err, "expected four hex digits behind \\u");
    scan->at += 5;
    if (!json_text_is_high(unit) && !json_text_is_low(unit))
        return STATUS_OK;
    bool paired = json_text_is_high(unit) && end - at >= 6 && at[4] == '\\' && at[5] == 'u' &&
                  json_text_is_low(json_text_hex4(at + 6, end));
    if (!paired)
        return json_scan_fail(scan->bytes, start, err,
                              "\\u%04x is half of a surrogate pair without its other half", unit);
    scan->at += 6;
    return STATUS_OK;
}

// At the opening quote; moves behind the closing one.
static enum status scan_string(struct json_scan *scan, struct error *err)
{
    size_t start = scan->at++;
    for (;;) {
        skip_plain(scan);
        int c = peek(scan);
        if (c < 0)
            return json_scan_fail(scan->bytes, start, err, "this string is never closed");
        if (c < 0x20) {
            json_scan_fail(scan->bytes, scan->at, err, "control character %02x in a string", c);
            return error_hint(err,
                              "write it as an escape: \\n for a line break, \\t for a tab, "
                              "\\u%04x for this one",
                              c);
        }
        scan->at++;
        if (c == '"')
            return STATUS_OK;
        c = peek(scan);
        if (c == 'u')
            TRY(scan_unicode_escape(scan, err));
        else if (c > 0 && strchr("\"\\/bfnrt", c))
            scan->at++;
        else
            return fail_expected(scan, err, "one of \" \\ / b f n r t u behind the backslash");
    }
}

static bool skip_digits(struct json_scan *scan)
{
    size_t start = scan->at;
    while (peek(scan) >= '0' && peek(scan) <= '9')
        scan->at++;
    return scan->at > start;
}

static enum status scan_number(struct json_scan *scan, struct error *err)
{
    size_t start = scan->at;
    if (peek(scan) == '-')
        scan->at++;
    if (peek(scan) == '0') {
        scan->at++;
        if (peek(scan) >= '0' && peek(scan) <= '9')
            return json_scan_fail(scan->bytes, start, err, "a number with a leading zero");
    } else if (!skip_digits(scan)) {
        return fail_expected(scan, err, "a digit");
    }
    if (peek(scan) == '.') {
        scan->at++;
        if (!skip_digits(scan))
            return fail_expected(scan, err, "a digit behind the decimal point");
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        scan->at++;
        if (peek(scan) == '+' || peek(scan) == '-')
            scan->at++;
        if (!skip_digits(scan))
            return fail_expected(scan, err, "a digit of the exponent");
    }
    if (scan->at - start > MAX_NUMBER_BYTES)
        return json_scan_fail(scan->bytes, start, err, "a number of more than %d characters",
                              MAX_NUMBER_BYTES);
    return STATUS_OK;
}

static const struct literal {
    const char *text;
    enum json_token_type type;
} literals[] = {
    { "true", JSON_TOKEN_TRUE },
    { "false", JSON_TOKEN_FALSE },
    { "null", JSON_TOKEN_NULL },
};

static enum status scan_literal(struct json_scan *scan, struct json_token *token, struct error *err)
{
    for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
        size_t length = strlen(literals[i].text);
        if (scan->length - scan->at >= length &&
            memcmp(scan->bytes + scan->at, literals[i].text, length) == 0) {
            token->type = literals[i].type;
            scan->at += length;
            return STATUS_OK;
        }
    }
    return fail_expected(scan, err, "a value");
}

static enum status open_container(struct json_scan *scan, struct json_token *token,
                                  struct error *err)
{
    if (scan->depth == JSON_MAX_DEPTH)
        return json_scan_fail(scan->bytes, scan->at, err, "nested deeper than %d levels",
                              JSON_MAX_DEPTH);
    bool object = scan->bytes[scan->at++] == '{';
    scan->in_object[scan->depth++] = object;
    scan->state = object ? AT_FIRST_KEY : AT_FIRST_ITEM;
    token->type = object ? JSON_TOKEN_OBJECT_BEGIN : JSON_TOKEN_ARRAY_BEGIN;
    return STATUS_OK;
}

static enum status scan_value(struct json_scan *scan, struct json_token *token, struct error *err)
{
    int c = peek(scan);
    if (c == '{' || c == '[')
        return open_container(scan, token, err);
    scan->state = AT_COMMA_OR_END;
    if (c == '"') {
        token->type = JSON_TOKEN_STRING;
        return scan_string(scan, err);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        token->type = JSON_TOKEN_NUMBER;
        return scan_number(scan, err);
    }
    return scan_literal(scan, token, err);
}

// A key and the colon behind it; the token is the key alone.
static enum status scan_key(struct json_scan *scan, struct json_token *token, struct error *err)
{
    if (peek(scan) != '"')
        return fail_expected(scan, err,
                             scan->state == AT_KEY ? "a key in double quotes"
                                                   : "a key in double quotes or '}'");
    token->type = JSON_TOKEN_KEY;
    TRY(scan_string(scan, err));
    token->end = scan->at;
    skip_space(scan);
    if (peek(scan) != ':')
        return fail_expected(scan, err, "':' behind the key");
    scan->at++;
    scan->state = AT_VALUE;
    return STATUS_OK;
}

static void close_container(struct json_scan *scan, struct json_token *token)
{
    bool object = scan->in_object[--scan->depth];
    token->type = object ? JSON_TOKEN_OBJECT_END : JSON_TOKEN_ARRAY_END;
    scan->at++;
    scan->state = AT_COMMA_OR_END;
}

// Behind a value: takes a comma, or answers with the end of the container or of the text.
static enum status scan_separator(struct json_scan *scan, struct json_token *token, bool *out_done,
                                  struct error *err)
{
    int c = peek(scan);
    *out_done = true;
    if (scan->depth == 0) {
        token->type = JSON_TOKEN_END;
        return c < 0 ? STATUS_OK : fail_expected(scan, err, "the end of the text");
    }
    bool object = scan->in_object[scan->depth - 1];
    if (c == (object ? '}' : ']')) {
        close_container(scan, token);
        return STATUS_OK;
    }
    if (c != ',')
        return fail_expected(scan, err, object ? "',' or '}'" : "',' or ']'");
    scan->at++;
    scan->state = object ? AT_KEY : AT_VALUE;
    skip_space(scan);
    *out_done = false;
    return STATUS_OK;
}

enum status json_scan_next(struct json_scan *scan, struct json_token *out, struct error *err)
{
    struct json_token token = { 0 };
    bool done = false;
    skip_space(scan);
    if (scan->state == AT_COMMA_OR_END) {
        token.begin = scan->at;
        TRY(scan_separator(scan, &token, &done, err));
    }
    if (!done) {
        token.begin = scan->at;
        int c = peek(scan);
        bool keyed = scan->state == AT_FIRST_KEY || scan->state == AT_KEY;
        if ((scan->state == AT_FIRST_KEY && c == '}') || (scan->state == AT_FIRST_ITEM && c == ']'))
            close_container(scan, &token);
        else
            TRY((keyed ? scan_key : scan_value)(scan, &token, err));
    }
    if (token.end == 0)
        token.end = scan->at;
    *out = token;
    return STATUS_OK;
}
