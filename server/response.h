// An answer before it is sent: its fields as they go over the wire, and where its content lies. It
// may be sent any number of times, by any number of threads at once.
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

// Who gave the content gets it back once the response is gone: `drop` is called with `held`.
struct response_content {
    const void *bytes;   // NULL: in a file, or there is none
    int fd;              // when `bytes` is NULL and there are any: sent by sendfile where possible
    uint64_t size_bytes; // what Content-Length says
    void (*drop)(void *held);
    void *held;
};

// While nobody else has it, its maker may add to it; afterwards it is read only.
struct response {
    struct response_content content;
    char *fields; // "Name: value" lines, each with its CRLF; not NUL-terminated
    size_t fields_bytes;
    size_t fields_capacity;
    atomic_uint holds;
};

#define RESPONSE_MAX_FIELDS_BYTES (8U << 10) // an answer's fields; ours come to a few hundred

// The caller has the one hold. On failure `content` is still the caller's.
enum status response_new(struct response **out, const struct response_content *content,
                         struct error *err);

// NULL as value: nothing is added. STATUS_INVALID for a name or value that would break the head
// open, STATUS_TOO_LARGE over the limit. Date, Content-Length and Connection are not the maker's
// business.
enum status response_add_field(struct response *response, const char *name, const char *value,
                               struct error *err);

void response_hold(struct response *response);
void response_drop(struct response *response);
void response_release(struct response **response); // for OWNED: drops it

// "HTTP/1.1 200 OK" and CRLF; NULL for a status that this server never sends.
const char *response_status_line(unsigned http_status, size_t *out_bytes);
