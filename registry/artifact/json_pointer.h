// JSON pointers (RFC 6901), one reference token at a time. Internal to json*.c and schema*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

// One reference token of a pointer, still with its escapes (~0, ~1). Borrowed from the pointer.
struct json_pointer_token {
    const char *text;
    size_t length;
};

// Takes the next token off the front of *pointer. False at the end ("") and when the rest is no
// pointer (it does not begin with '/').
bool json_pointer_next(struct json_pointer_token *out, const char **pointer);

// Whether a token, unescaped, is this key. A '~' that begins no escape matches nothing.
bool json_pointer_is_key(const struct json_pointer_token *token, const char *key);

// The token as an array index: digits without leading zeros. False otherwise.
bool json_pointer_index(const struct json_pointer_token *token, size_t *out);

// Appends "/" and the key with its '~' and '/' escaped.
void json_pointer_append_key(struct buffer *out, const char *key);
