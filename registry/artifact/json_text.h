// The inside of JSON strings: escapes both ways. Internal to json*.c.
//
// A decoded string is a C string in which U+0000 stands as the two bytes C0 80, which are not
// UTF-8 and so can stand for nothing else.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define JSON_TEXT_NUL "\xC0\x80"

// The four hex digits at `at` as a number; -1 if they are not there before `end`.
int json_text_hex4(const char *at, const char *end);

// The halves of a surrogate pair.
bool json_text_is_high(int unit);
bool json_text_is_low(int unit);

// Decodes what stands between the quotes of a string that the scanner accepted. `out` has room for
// `length` bytes and a NUL, which is always enough: no escape is shorter than what it stands for.
// Returns the decoded length.
size_t json_text_decode(const char *bytes, size_t length, char *out);

// A copy of `text` that may stand in a document: each ill-formed byte is replaced by U+FFFD. NULL
// when memory is out; the caller frees it.
char *json_text_copy(const char *text);

// Appends a decoded string in quotes, with the escapes that RFC 8785 (section 3.2.2.2) has.
void json_text_quote(struct buffer *out, const char *text);

// Orders decoded strings by the bytes they stand for, as strcmp does if U+0000 were a byte 00.
int json_text_compare(const char *a, const char *b);
