// Text from outside made safe to show.
#include "printable.h"

#include <string.h>

#include "base/memory.h"

// What two bytes of UTF-8 or three say, without checking them: the caller's text is UTF-8.
static uint32_t code_point_at(const unsigned char *at, size_t *out_bytes)
{
    *out_bytes = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < *out_bytes; i++)
        if (!at[i]) {
            *out_bytes = i; // cut short: shown as it is
            return at[0];
        }
    if (*out_bytes == 2)
        return (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU);
    if (*out_bytes == 3)
        return (at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
    return at[0];
}

// Unicode's Bidi_Control property, and the C1 controls, which some terminals obey.
static bool acts_on_the_terminal(uint32_t code_point)
{
    return (code_point >= 0x80 && code_point < 0xa0) || code_point == 0x061c ||
           code_point == 0x200e || code_point == 0x200f ||
           (code_point >= 0x202a && code_point <= 0x202e) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

// What nearly all texts are made of, up to the first byte that needs a look.
static size_t plain_length(const unsigned char *text)
{
    size_t length = 0;
    while (text[length] >= 0x20 && text[length] < 0x7f)
        length++;
    return length;
}

void printable_append(struct buffer *out, const char *text)
{
    size_t bytes = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at += bytes) {
        bytes = plain_length(at);
        if (bytes > 0) {
            buffer_append(out, at, bytes);
            continue;
        }
        uint32_t code_point = code_point_at(at, &bytes);
        if (bytes == 1 && (*at < 0x20 || *at == 0x7f) && *at != '\n' && *at != '\t') {
            const char picture[] = { '\xe2', '\x90', (char)(*at == 0x7f ? 0xa1 : 0x80 + *at) };
            buffer_append(out, picture, sizeof(picture));
        } else if (bytes > 1 && acts_on_the_terminal(code_point)) {
            buffer_append(out, "\xef\xbf\xbd", 3);
        } else {
            buffer_append(out, at, bytes);
        }
    }
}

static struct json *printable_string(const char *text)
{
    struct buffer shown OWNED(buffer_release) = { 0 };
    printable_append(&shown, text);
    return json_new_string(buffer_text(&shown));
}

struct json *printable_copy(const struct json *value)
{
    if (json_is(value, JSON_STRING))
        return printable_string(json_string(value));
    bool is_object = json_is(value, JSON_OBJECT);
    if (!is_object && !json_is(value, JSON_ARRAY))
        return json_copy(value);
    struct json *copy = is_object ? json_new_object() : json_new_array();
    for (const struct json *item = json_first(value); item; item = json_next(item)) {
        if (!is_object) {
            json_append(copy, printable_copy(item));
            continue;
        }
        struct buffer key OWNED(buffer_release) = { 0 };
        printable_append(&key, json_key(item));
        json_set(copy, buffer_text(&key), printable_copy(item));
    }
    return copy;
}
