// Unicode properties in patterns: ECMA-262's names as PCRE2's. Internal to pattern*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

// Appends \p{…} or \P{…} (`letter`) for a property as ECMA-262 names it: "Letter", "L",
// "General_Category=Letter", "Script=Greek", "Alphabetic". False if it has no such form; whether a
// script or binary property of that name exists is left to PCRE2.
bool pattern_property_rewrite(struct buffer *out, char letter, const char *name, size_t length);
