// The head of a request, byte by byte as RFC 9112 writes it.
#include "head.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

// RFC 9110 section 5.6.2: what a token (a method, a field's name) consists of.
static const bool token_bytes[256] = {
    ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['!'] = true,  ['#'] = true,
    ['$'] = true,         ['%'] = true,         ['&'] = true,         ['\''] = true, ['*'] = true,
    ['+'] = true,         ['-'] = true,         ['.'] = true,         ['^'] = true,  ['_'] = true,
    ['`'] = true,         ['|'] = true,         ['~'] = true,
};

// RFC 9110 section 5.5: what a field's value consists of, with the white space inside it.
static const bool value_bytes[256] = {
    ['\t'] = true,
    [0x20 ... 0x7e] = true,
    [0x80 ... 0xff] = true,
};

// What may stand in a target as itself. Which of it a path may hold is decided in target.c.
static const bool target_bytes[256] = {
    [0x21 ... 0x22] = true,
    [0x24 ... 0x7e] = true, // no '#': a fragment is never sent
};

#define ONES (~UINT64_C(0) / 255) // 0x01 in each byte
#define HIGHS (ONES * 0x80)

// The high bit of the first byte, in memory's order, that is below 0x20 or is 0x7f; what stands
// above it in the word means nothing. 0: there is none.
static uint64_t find_control(uint64_t word)
{
    uint64_t delete = word ^ ONES * 0x7f;
    return (((word - ONES * 0x20) & ~word) | ((delete - ONES) & ~delete)) & HIGHS;
}

// Where the first byte stands that a value may not hold. `end` is where an empty line begins, so
// two bytes behind it can be read; eight go by at a time.
static const char *skip_value(const char *at, const char *end)
{
    for (;; at++) {
        uint64_t word;
        uint64_t found = 0;
        while (found == 0 && end + 2 - at >= (ptrdiff_t)sizeof(word)) {
            memcpy(&word, at, sizeof(word));
            found = find_control(le64toh(word));
            at += found ? __builtin_ctzll(found) / 8 : (int)sizeof(word);
        }
        if (!value_bytes[(unsigned char)*at])
            return at;
    }
}

static size_t span_of(const bool *set, const char *at, const char *end)
{
    const char *from = at;
    while (at < end && set[(unsigned char)*at])
        at++;
    return (size_t)(at - from);
}

static enum status too_large(const struct head_scan *scan, struct error *err)
{
    if (scan->line_begin == scan->begin)
        return error_set(err, STATUS_TOO_LARGE, "target_too_long",
                         "the request's target is longer than %u bytes", HEAD_MAX_TARGET_BYTES);
    return error_set(err, STATUS_TOO_LARGE, "fields_too_large",
                     "the request's header fields are longer than %u bytes in all", HEAD_MAX_BYTES);
}

// One line, from `line_begin` to the LF at `line_end`.
static enum status judge_line(const struct head_scan *scan, const char *bytes, size_t line_end,
                              struct error *err)
{
    if (line_end == scan->line_begin || bytes[line_end - 1] != '\r')
        return error_set(err, STATUS_INVALID, "line_invalid",
                         "a line of the request does not end with CR and LF");
    return STATUS_OK;
}

enum status head_find_end(struct head_scan *scan, const char *bytes, size_t length,
                          size_t *out_bytes, struct error *err)
{
    *out_bytes = 0;
    while (scan->line_begin < length) {
        const char *line = bytes + scan->line_begin;
        const char *newline = memchr(line, '\n', length - scan->line_begin);
        if (!newline)
            break;
        size_t line_end = (size_t)(newline - bytes);
        bool is_first = scan->line_begin == scan->begin;
        TRY(judge_line(scan, bytes, line_end, err));
        if (line_end + 1 - scan->begin > HEAD_MAX_BYTES)
            return too_large(scan, err);
        scan->line_begin = line_end + 1;
        if (newline - line > 1)
            continue;
        if (!is_first || scan->begin > 0) {
            *out_bytes = scan->line_begin;
            return STATUS_OK;
        }
        scan->begin = scan->line_begin; // RFC 9112 section 2.2: one empty line before a request
    }
    return length - scan->begin >= HEAD_MAX_BYTES ? too_large(scan, err) : STATUS_OK;
}

static enum status line_invalid(struct error *err)
{
    return error_set(err, STATUS_INVALID, "request_line_invalid",
                     "the request line is not of the form METHOD SP TARGET SP HTTP/1.1");
}

static enum status parse_version(struct head *head, const char *at, const char *end,
                                 struct error *err)
{
    static const char name[] = "HTTP/";
    size_t name_bytes = sizeof(name) - 1;
    if ((size_t)(end - at) != name_bytes + 3 || memcmp(at, name, name_bytes) != 0)
        return line_invalid(err);
    const char *digits = at + name_bytes;
    bool is_form = digits[0] >= '0' && digits[0] <= '9' && digits[1] == '.' && digits[2] >= '0' &&
                   digits[2] <= '9';
    if (!is_form)
        return line_invalid(err);
    if (digits[0] != '1' || digits[2] > '1')
        return error_set(err, STATUS_INVALID, "version_not_supported", "this is no HTTP/1.1");
    head->minor_version = (unsigned)(digits[2] - '0');
    return STATUS_OK;
}

static enum status parse_request_line(struct head *head, const char *at, const char *end,
                                      struct error *err)
{
    head->method = (struct head_span) { at, span_of(token_bytes, at, end) };
    at += head->method.length;
    if (head->method.length == 0 || at == end || *at++ != ' ')
        return line_invalid(err);
    head->target = (struct head_span) { at, span_of(target_bytes, at, end) };
    at += head->target.length;
    if (head->target.length == 0 || at == end || *at++ != ' ')
        return line_invalid(err);
    if (head->target.length > HEAD_MAX_TARGET_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "target_too_long",
                         "the request's target is longer than %u bytes", HEAD_MAX_TARGET_BYTES);
    return parse_version(head, at, end, err);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// Sets *at behind the line.
static enum status parse_field(struct head *head, const char **at, const char *end,
                               struct error *err)
{
    if (head->field_count == HEAD_MAX_FIELDS)
        return error_set(err, STATUS_TOO_LARGE, "fields_too_large",
                         "the request has more than %u header fields", HEAD_MAX_FIELDS);
    struct head_field *field = &head->fields[head->field_count];
    const char *from = *at + span_of(token_bytes, *at, end);
    field->name = (struct head_span) { *at, (size_t)(from - *at) };
    bool is_sound = field->name.length > 0 && *from++ == ':';
    while (is_sound && is_blank(*from))
        from++;
    const char *line_end = is_sound ? skip_value(from, end) : end;
    if (line_end == end || line_end[0] != '\r' || line_end[1] != '\n')
        return error_set(err, STATUS_INVALID, "field_invalid",
                         "a header field is not of the form that RFC 9112 asks for");
    *at = line_end + 2;
    while (line_end > from && is_blank(line_end[-1]))
        line_end--;
    field->value = (struct head_span) { from, (size_t)(line_end - from) };
    head->field_count++;
    return STATUS_OK;
}

enum status head_parse(struct head *out, const char *bytes, size_t length, struct error *err)
{
    const char *at = bytes;
    const char *end = bytes + length - 2; // the empty line, with whose CR every search ends
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    if (!line_end)
        return line_invalid(err);
    out->field_count = 0;
    TRY(parse_request_line(out, at, line_end - 1, err));
    for (at = line_end + 1; at < end;)
        TRY(parse_field(out, &at, end, err));
    return STATUS_OK;
}

bool head_span_is(struct head_span span, const char *word)
{
    return strlen(word) == span.length && strncasecmp(span.bytes, word, span.length) == 0;
}

bool head_list_has(struct head_span list, const char *token)
{
    const char *end = list.bytes + list.length;
    for (const char *at = list.bytes; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *last = comma ? comma : end;
        const char *next = last + (comma != NULL);
        while (at < last && is_blank(*at))
            at++;
        while (last > at && is_blank(last[-1]))
            last--;
        if (head_span_is((struct head_span) { at, (size_t)(last - at) }, token))
            return true;
        at = next;
    }
    return false;
}
