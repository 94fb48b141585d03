// Base64 with padding, read strictly; libcrypto's decoder forgives white space and stray bits.
#include "trust/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_append(struct buffer *out, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t bits = (uint32_t)from[i] << 16;
        bits |= left > 1 ? (uint32_t)from[i + 1] << 8 : 0;
        bits |= left > 2 ? from[i + 2] : 0;
        char group[4] = { alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                          left > 1 ? alphabet[bits >> 6 & 63] : '=',
                          left > 2 ? alphabet[bits & 63] : '=' };
        buffer_append(out, group, sizeof(group));
    }
}

// The six bits that a character stands for, or -1.
static int sextet(char character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26;
    if (character >= '0' && character <= '9')
        return character - '0' + 52;
    return character == '+' ? 62 : character == '/' ? 63 : -1;
}

// Decodes the four characters of one group, `padding` of them '='.
static bool decode_group(struct buffer *out, const char *group, size_t padding)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4 - padding; i++) {
        int value = sextet(group[i]);
        if (value < 0)
            return false;
        bits |= (uint32_t)value << (18 - 6 * i);
    }
    uint32_t unused = padding == 0 ? 0 : padding == 1 ? 0xFF : 0xFFFF;
    char bytes[3] = { (char)(bits >> 16), (char)(bits >> 8 & 0xFF), (char)(bits & 0xFF) };
    buffer_append(out, bytes, 3 - padding);
    return (bits & unused) == 0;
}

bool base64_decode(struct buffer *out, const char *text, size_t length)
{
    if (length % 4 != 0)
        return false;
    size_t before = out->length;
    for (size_t i = 0; i < length; i += 4) {
        bool last = i + 4 == length;
        size_t padding = !last || text[i + 3] != '=' ? 0 : text[i + 2] == '=' ? 2 : 1;
        if (!decode_group(out, text + i, padding)) {
            buffer_truncate(out, before);
            return false;
        }
    }
    return true;
}
