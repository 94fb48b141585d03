// What an operation takes along to a server beside its input: an archive, a seal, files.
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "operation/operation.h"
#include "operation/operation_multipart.h"

// Starts as {.fd = -1}. Made once, sent with each turn of a signature.
struct remote_body {
    char boundary[MULTIPART_BOUNDARY_BYTES];
    int fd; // all parts behind the input, to the end; -1: there are none
    uint64_t size_bytes;
};
void remote_body_release(struct remote_body *body);

// `original` is the file that a seal came in, as it stands (NULL: it is made here). Takes the
// call's content.
enum status remote_body_make(struct remote_body *out, const struct operation *operation,
                             struct operation_call *call, const char *original, struct error *err);

// The content type, and what comes before the parts: the input.
enum status remote_body_begin(const struct remote_body *body, const struct json *input,
                              struct buffer *out_type, struct buffer *out_head, struct error *err);
