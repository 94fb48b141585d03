// The head of a request, byte by byte as RFC 9112 writes it. Pure: bytes in, spans of the same
// bytes out. Whatever two readers might understand in two ways is refused here, before anything
// else looks at a request: a bare CR or LF, a NUL or any other control character, white space
// before a colon, a folded line, a field without a name, more than one space in the request line.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

// Far above what clients of this server send (about 300 bytes), small enough to wait for in memory.
#define HEAD_MAX_BYTES (16U << 10)
#define HEAD_MAX_TARGET_BYTES (8U << 10)
#define HEAD_MAX_FIELDS 64U

// Borrowed from the bytes that were parsed; not NUL-terminated.
struct head_span {
    const char *bytes;
    size_t length;
};

struct head_field {
    struct head_span name;
    struct head_span value; // without the white space around it
};

struct head {
    struct head_span method;
    struct head_span target;
    unsigned minor_version; // HTTP/1.0 or HTTP/1.1
    size_t field_count;
    struct head_field fields[HEAD_MAX_FIELDS];
};

// How far the end of a head has been looked for, so that a head that comes in pieces is looked at
// once. Starts as {0} for each request.
struct head_scan {
    size_t begin;      // behind the one empty line that may stand before a request
    size_t line_begin; // of the line that is not complete yet
};

// Looks for the empty line that ends the head. `bytes` are all that came so far, and grow from call
// to call. *out_bytes is the length of the head, from `bytes` to behind that line, or 0 when it is
// still to come. STATUS_INVALID (code "line_invalid") as soon as a line ends otherwise than with
// CRLF; STATUS_TOO_LARGE (codes "target_too_long", "fields_too_large") over a limit.
enum status head_find_end(struct head_scan *scan, const char *bytes, size_t length,
                          size_t *out_bytes, struct error *err);

// Reads a whole head, from `scan->begin` to its end. STATUS_INVALID (codes "request_line_invalid",
// "version_not_supported", "field_invalid"), STATUS_TOO_LARGE. On failure *out is undefined.
enum status head_parse(struct head *out, const char *bytes, size_t length, struct error *err);

// Compares without regard to case, as names and most tokens are.
bool head_span_is(struct head_span span, const char *word);

// Whether a list of tokens (RFC 9110 section 5.6.1) has this one, without regard to case.
bool head_list_has(struct head_span list, const char *token);
