// JSON values: read strictly (RFC 8259), built, printed. The only door to cJSON.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// An opaque value; a document is the value at its root, freed as a whole. Not thread-safe, but
// concurrent reads of one that nobody changes are fine.
//
// Strings and keys are C strings of UTF-8. U+0000, which JSON allows, stands in them as the two
// bytes C0 80 (which are not UTF-8, so nothing else can look like it) and is printed as \u0000: no
// string is ever cut short. Text given to a builder that is not UTF-8 has each ill-formed byte
// replaced by U+FFFD, so that what is printed is always JSON.
//
// A number keeps its exact text where a double would not: 1.10 and 12345678901234567890 print as
// they were written.
struct json;

#define JSON_MAX_DEPTH 64          // of containers in each other; `[[1]]` has depth 2
#define JSON_MAX_BYTES (16U << 20) // no manifest, policy, statement or request comes near it

// Parses exactly one value: no trailing bytes, no duplicate keys, no control characters in strings,
// valid UTF-8 and surrogate pairs, RFC 8259 numbers, depth and number of values (a million) within
// limits, no byte order mark. STATUS_INVALID with code "json_invalid" and "line L, column C: …" in
// the message; STATUS_TOO_LARGE over JSON_MAX_BYTES. `bytes` needs no NUL.
enum status json_parse(struct json **out, const char *bytes, size_t length, struct error *err);

// The same within other limits, for what somebody asked for themselves and may be long: a list of
// all that there is.
struct json_limits {
    size_t bytes;
    uint32_t values; // some 80 bytes of memory each
};
enum status json_parse_within(struct json **out, const char *bytes, size_t length,
                              const struct json_limits *limits, struct error *err);
void json_free(struct json *value);
void json_release(struct json **value); // for OWNED

// Where a value stands in the text it was parsed from. `pointer` is an RFC 6901 JSON pointer ("" is
// the root). False if the text has no such value. The text must be one that json_parse took: it is
// read only as far as the value, and not checked again. line and column count from 1 (columns in
// code points, lines by line feed).
struct json_span {
    size_t begin; // byte offsets: [begin, end)
    size_t end;
    uint32_t line;
    uint32_t column;
};
bool json_locate(struct json_span *out, const char *bytes, size_t length, const char *pointer);

// --- reading; every function takes NULL for "not there" and answers likewise ---
enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_type json_type(const struct json *value);          // JSON_NULL for NULL
bool json_is(const struct json *value, enum json_type type); // false for NULL
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *value, const char *pointer); // RFC 6901
const struct json *json_first(const struct json *container);               // first member or item
const struct json *json_next(const struct json *member);
const char *json_key(const struct json *member); // a member's key; NULL for an item
size_t json_count(const struct json *container);
const char *json_string(const struct json *value); // NULL unless a string; borrowed
double json_number(const struct json *value);      // 0 unless a number; infinite for 1e999
bool json_bool(const struct json *value);          // false unless true
// Member helpers: the string / whole number / boolean under `key`, or the fallback. 4.0 is a whole
// number; one that does not fit counts as absent.
const char *json_get_string(const struct json *object, const char *key, const char *fallback);
int64_t json_get_integer(const struct json *object, const char *key, int64_t fallback);
bool json_get_bool(const struct json *object, const char *key, bool fallback);
bool json_equal(const struct json *a, const struct json *b); // JSON Schema's equality: 1 equals 1.0

// --- building; a container that lost a member to a failed allocation is remembered as broken, and
// printing it (or what holds it) answers STATUS_NO_MEMORY, so that building needs no check per
// line. A NULL container ignores what it is given (and frees it); a NULL value breaks the container
// it is given to. ---
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(const char *text);   // null for NULL
struct json *json_new_number(double number);      // null unless finite
struct json *json_copy(const struct json *value); // whole, and nobody's member
// Takes value over; replaces what stands under `key` already, which costs a look at each member.
void json_set(struct json *object, const char *key, struct json *value);
void json_set_string(struct json *object, const char *key, const char *text);
void json_set_integer(struct json *object, const char *key, int64_t number);
void json_set_bool(struct json *object, const char *key, bool truth);
void json_set_null(struct json *object, const char *key);
// Puts valid JSON text in unchanged, byte for byte (a tool's input schema, say). It is only for
// printing: read back from the object, it is of type JSON_NULL.
void json_set_raw(struct json *object, const char *key, const char *text);
struct json *json_set_object(struct json *object, const char *key); // a new one, borrowed
struct json *json_set_array(struct json *object, const char *key);
void json_append(struct json *array, struct json *value); // takes value over
void json_append_string(struct json *array, const char *text);
struct json *json_append_object(struct json *array);

// --- printing; a value that could not be built (NULL, or broken) answers STATUS_NO_MEMORY, one
// nested deeper than JSON_MAX_DEPTH STATUS_TOO_LARGE ---
// Compact; appended to `out`.
enum status json_print(struct buffer *out, const struct json *value, struct error *err);
// Indented by two spaces, with a newline at the end: files that people read.
enum status json_print_pretty(struct buffer *out, const struct json *value, struct error *err);
// One form for one value, for what is signed or hashed: compact, members sorted by key (bytewise),
// strings with RFC 8785's escapes, whole numbers without exponent. Numbers that are not whole or
// exceed 2^53 are refused (STATUS_INVALID): nothing that we sign has them. So is raw text.
enum status json_print_canonical(struct buffer *out, const struct json *value, struct error *err);
