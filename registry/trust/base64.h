// Base64 with padding (RFC 4648 section 4), read strictly: one text for one value.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

void base64_append(struct buffer *out, const void *bytes, size_t length);

// Appends what `text` stands for. False, with `out` untouched, unless the text is a whole number of
// groups of four, padded where it must be, without white space, and the bits that padding leaves
// over are zero.
bool base64_decode(struct buffer *out, const char *text, size_t length);
