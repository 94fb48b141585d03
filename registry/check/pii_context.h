// Words near a candidate that say what it is.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/json.h"

#define PII_CONTEXT_MAX_WINDOW 64 // bytes before a candidate

// Whether one of `words` (an array of strings, ASCII letters in lower case) stands in the `window`
// bytes before `begin`, in the same paragraph. A word is whole, or the beginning of one where it
// ends with '*'; "Phone" begins a word in "customerPhone" and "customer_phone".
bool pii_context_near(const struct json *words, const char *text, size_t begin, size_t window);
