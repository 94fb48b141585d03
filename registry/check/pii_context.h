// Words near a candidate that say what it is.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/json.h"

#define PII_CONTEXT_MAX_WINDOW 64 // bytes before or behind a candidate

// Whether one of `words` (an array of strings, ASCII letters in lower case) stands in these bytes,
// at most PII_CONTEXT_MAX_WINDOW. A word is whole, or the beginning of one where it ends with '*';
// "Phone" begins a word in "customerPhone" and "customer_phone".
bool pii_context_holds(const struct json *words, const char *window, size_t size);

// The same for the `size` bytes before `begin`, as far as they are of the same paragraph.
bool pii_context_before(const struct json *words, const char *text, size_t begin, size_t size);
