// The inside of JSON strings: escapes both ways.
#include "artifact/json_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD

static int hex_value(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

int json_text_hex4(const char *at, const char *end)
{
    if (end - at < 4)
        return -1;
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value((unsigned char)at[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool json_text_is_high(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool json_text_is_low(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// One code point as UTF-8; U+0000 in its two-byte form.
static size_t put_code_point(char *out, uint32_t code)
{
    if (code != 0 && code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

// At the character behind a backslash; moves behind the escape.
static size_t put_escape(char *out, const char **at, const char *end)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    char c = *(*at)++;
    if (c != 'u') {
        const char *found = strchr(from, c);
        *out = found ? to[found - from] : c;
        return 1;
    }
    uint32_t code = (uint32_t)json_text_hex4(*at, end);
    *at += 4;
    if (json_text_is_high((int)code)) {
        uint32_t low = (uint32_t)json_text_hex4(*at + 2, end);
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    return put_code_point(out, code);
}

size_t json_text_decode(const char *bytes, size_t length, char *out)
{
    const char *at = bytes;
    const char *end = bytes + length;
    size_t decoded = 0;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t run = (size_t)((escape ? escape : end) - at);
        memcpy(out + decoded, at, run);
        decoded += run;
        at += run;
        if (escape) {
            at++;
            decoded += put_escape(out + decoded, &at, end);
        }
    }
    out[decoded] = '\0';
    return decoded;
}

char *json_text_copy(const char *text)
{
    size_t length = strlen(text);
    size_t bad;
    if (text_is_utf8(text, length, &bad))
        return strdup(text);
    if (length > SIZE_MAX / 3 - 1)
        return NULL;
    char *copy = malloc(3 * length + 1);
    if (!copy)
        return NULL;
    char *to = copy;
    while (!text_is_utf8(text, length, &bad)) {
        memcpy(to, text, bad);
        to += bad;
        bool nul = strncmp(text + bad, JSON_TEXT_NUL, 2) == 0;
        size_t skip = nul ? 2 : 1;
        memcpy(to, nul ? JSON_TEXT_NUL : REPLACEMENT, nul ? 2 : 3);
        to += nul ? 2 : 3;
        text += bad + skip;
        length -= bad + skip;
    }
    memcpy(to, text, length + 1);
    return copy;
}

// What stands behind the backslash for this byte: a letter, 'u' for a \u escape, 0 for none.
static char escape_letter(unsigned char byte)
{
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
    };
    if (byte < 0x20)
        return letters[byte] ? letters[byte] : 'u';
    return byte == '"' || byte == '\\' ? (char)byte : byte == 0xC0 ? 'u' : 0;
}

void json_text_quote(struct buffer *out, const char *text)
{
    const char *run = text;
    const char *at = text;
    buffer_append_byte(out, '"');
    while (*at) {
        char letter = escape_letter((unsigned char)*at);
        if (!letter) {
            at++;
            continue;
        }
        buffer_append(out, run, (size_t)(at - run));
        bool nul = (unsigned char)*at == 0xC0;
        buffer_append_byte(out, '\\');
        buffer_append_byte(out, letter);
        if (letter == 'u') {
            unsigned char code[2] = { 0, nul ? 0 : (unsigned char)*at };
            buffer_append_hex(out, code, sizeof(code));
        }
        at += nul && at[1] ? 2 : 1;
        run = at;
    }
    buffer_append(out, run, (size_t)(at - run));
    buffer_append_byte(out, '"');
}

// The byte at `at` as it orders: the end first, then U+0000.
static int order_of(const char *at)
{
    unsigned char byte = (unsigned char)*at;
    return byte == 0 ? -1 : byte == 0xC0 ? 0 : byte;
}

int json_text_compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return order_of(a) - order_of(b);
}
