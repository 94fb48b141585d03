// SSH's wire data types: bytes, numbers, length-prefixed strings, positive mpints. Source: RFC 4251
// section 5.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

// A run of bytes inside what is being read; borrowed from it.
struct ssh_span {
    const uint8_t *bytes;
    size_t length;
};

bool ssh_wire_is(struct ssh_span span, const char *text);

// A cursor. What does not fit is remembered (`bad`) and reads as nothing, so that a form is read
// field by field and judged once, at its end.
struct ssh_wire {
    const uint8_t *at;
    size_t left;
    bool bad;
};

struct ssh_wire ssh_wire_over(struct ssh_span span);
struct ssh_span ssh_wire_take(struct ssh_wire *wire, size_t length);
uint8_t ssh_wire_byte(struct ssh_wire *wire);
uint32_t ssh_wire_number(struct ssh_wire *wire);
struct ssh_span ssh_wire_string(struct ssh_wire *wire);

// The magnitude of an mpint above zero, big-endian, without the leading zero byte. Bad when it is
// negative, zero, or not in its shortest form.
struct ssh_span ssh_wire_natural(struct ssh_wire *wire);

// Whether everything read was there and nothing is left.
bool ssh_wire_ended(const struct ssh_wire *wire);

// Appends to what will be signed or sent. `length` must fit 32 bits.
void ssh_wire_append_string(struct buffer *out, const void *bytes, size_t length);
