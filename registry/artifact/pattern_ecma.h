// ECMA-262 patterns rewritten as PCRE2 patterns. Internal to pattern*.c.
#pragma once

#include "base/buffer.h"
#include "base/error.h"

// Appends the PCRE2 pattern that matches what `text` matches in ECMA-262 with the `u` flag, given
// that it is compiled with PCRE2_UTF, PCRE2_ALLOW_EMPTY_CLASS and PCRE2_DOLLAR_ENDONLY. What
// ECMA-262 does not have is refused: STATUS_INVALID, code "pattern_invalid".
enum status pattern_ecma_rewrite(struct buffer *out, const char *text, struct error *err);
