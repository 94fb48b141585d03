// SSH's wire data types.
#include "trust/ssh_wire.h"

#include <string.h>

bool ssh_wire_is(struct ssh_span span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.bytes, text, span.length) == 0;
}

struct ssh_wire ssh_wire_over(struct ssh_span span)
{
    return (struct ssh_wire) { .at = span.bytes, .left = span.length };
}

struct ssh_span ssh_wire_take(struct ssh_wire *wire, size_t length)
{
    static const uint8_t nothing[1];
    if (wire->bad || length > wire->left) {
        wire->bad = true;
        return (struct ssh_span) { .bytes = nothing };
    }
    struct ssh_span span = { .bytes = wire->at, .length = length };
    wire->at += length;
    wire->left -= length;
    return span;
}

uint8_t ssh_wire_byte(struct ssh_wire *wire)
{
    struct ssh_span span = ssh_wire_take(wire, 1);
    return span.length ? span.bytes[0] : 0;
}

uint32_t ssh_wire_number(struct ssh_wire *wire)
{
    struct ssh_span span = ssh_wire_take(wire, 4);
    uint32_t number = 0;
    for (size_t i = 0; i < span.length; i++)
        number = number << 8 | span.bytes[i];
    return number;
}

struct ssh_span ssh_wire_string(struct ssh_wire *wire)
{
    return ssh_wire_take(wire, ssh_wire_number(wire));
}

struct ssh_span ssh_wire_natural(struct ssh_wire *wire)
{
    struct ssh_span span = ssh_wire_string(wire);
    // A leading zero stands only before a byte that would otherwise be a sign.
    bool padded = span.length > 1 && span.bytes[0] == 0 && span.bytes[1] >= 0x80;
    if (span.length == 0 || span.bytes[0] >= 0x80 || (span.bytes[0] == 0 && !padded))
        wire->bad = true;
    if (padded) {
        span.bytes++;
        span.length--;
    }
    return span;
}

bool ssh_wire_ended(const struct ssh_wire *wire)
{
    return !wire->bad && wire->left == 0;
}

void ssh_wire_append_string(struct buffer *out, const void *bytes, size_t length)
{
    const char prefix[4] = { (char)(length >> 24 & 0xFF), (char)(length >> 16 & 0xFF),
                             (char)(length >> 8 & 0xFF), (char)(length & 0xFF) };
    buffer_append(out, prefix, sizeof(prefix));
    buffer_append(out, bytes, length);
}
