// Text from outside: UTF-8 and globs.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). On false,
// *out_bad_offset (may be NULL) is where the first bad sequence starts.
bool text_is_utf8(const char *bytes, size_t length, size_t *out_bad_offset);

// Number of code points in well-formed UTF-8.
size_t text_count_code_points(const char *bytes, size_t length);

// Whether `text` matches `pattern`: `*` stands for any run of bytes, `/` included, `?` for one
// byte; everything else for itself. Linear in both lengths' product at worst.
bool text_matches(const char *pattern, const char *text);

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);
