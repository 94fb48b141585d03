// The content of a request as it comes over the wire: of a told length, or in chunks. Pure: bytes
// in, pieces of the content out. Source: RFC 9112 sections 6 and 7.1.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

// What nobody reads is bounded: extensions of chunks, and trailers, of one request.
#define BODY_MAX_EXTENSION_BYTES 4096U
#define BODY_MAX_TRAILER_BYTES 4096U

enum body_state {
    BODY_CONTENT, // of a told length
    BODY_DONE,
    // In chunks, by what comes next:
    BODY_SIZE_FIRST,
    BODY_SIZE,
    BODY_EXTENSION,
    BODY_SIZE_LF,
    BODY_CHUNK,
    BODY_CHUNK_CR,
    BODY_CHUNK_LF,
    BODY_TRAILER_FIRST,
    BODY_TRAILER_NAME,
    BODY_TRAILER_VALUE,
    BODY_TRAILER_LF,
    BODY_LAST_LF,
};

struct body {
    enum body_state state;
    uint64_t remaining; // of the content, or of the chunk
    uint64_t total;     // content so far
    uint64_t max_bytes;
    unsigned size_digits;
    size_t extension_bytes;
    size_t trailer_bytes;
};

// `length` is what Content-Length says; it is the caller's to see that it is not over `max_bytes`.
void body_begin_length(struct body *body, uint64_t length);
// Content over `max_bytes` is refused when the chunk that brings it begins.
void body_begin_chunks(struct body *body, uint64_t max_bytes);

struct body_piece {
    size_t consumed;     // of the bytes given, 1 at least unless the body is done
    const char *content; // among them; may be empty
    size_t content_bytes;
};

// Takes what it can up to the end of one piece of content, or of the body (body->state is BODY_DONE
// then; what comes behind is not touched). STATUS_INVALID (code "content_invalid") for anything
// that is not exactly as the RFC writes it; STATUS_TOO_LARGE (code "content_too_large").
enum status body_take(struct body *body, const char *bytes, size_t length, struct body_piece *out,
                      struct error *err);
