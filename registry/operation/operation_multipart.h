// Several parts in one message: an operation's input beside its archive, and its result beside what
// comes back. Sources: RFC 2046 section 5.1, RFC 7578. Read strictly, from memory or a mapped file:
// parts are stretches of it, nothing is copied.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

#define MULTIPART_BOUNDARY_BYTES 71 // RFC 2046: 70 characters at most, and the NUL
#define MULTIPART_MAX_PARTS 64U
#define MULTIPART_MAX_HEAD_BYTES 1024U // of one part: two or three short lines
#define MULTIPART_NAME_BYTES 256

struct operation_part {
    char name[MULTIPART_NAME_BYTES];      // "" when it has none
    char file_name[MULTIPART_NAME_BYTES]; // likewise; the last segment of what was sent
    const char *bytes;
    size_t size_bytes;
};
typedef enum status (*operation_part_visit)(void *context, const struct operation_part *part,
                                            struct error *err);

// The boundary that a Content-Type names. STATUS_INVALID (code "media_type_unsupported") when it is
// not `media_type` ("multipart/form-data"), or names none that RFC 2046 allows.
enum status operation_multipart_boundary(char out[MULTIPART_BOUNDARY_BYTES],
                                         const char *content_type, const char *media_type,
                                         struct error *err);

// Visits each part in order. STATUS_INVALID (code "multipart_invalid") when the message is not
// whole, STATUS_TOO_LARGE over a limit.
enum status operation_multipart_read(const char *bytes, size_t length, const char *boundary,
                                     operation_part_visit visit, void *context, struct error *err);

// A boundary that nothing else looks like: 128 random bits.
enum status operation_multipart_make_boundary(char out[MULTIPART_BOUNDARY_BYTES],
                                              struct error *err);

// The lines before a part's bytes, and after the last one. `name` and `file_name` (NULL: none) hold
// no quotes or line breaks.
void operation_multipart_append_head(struct buffer *out, const char *boundary, const char *name,
                                     const char *file_name, const char *media_type);
void operation_multipart_append_end(struct buffer *out, const char *boundary);
