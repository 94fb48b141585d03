// A request as this server reads it: its head, parsed (head.h), held to what RFC 9110 and 9112 ask
// of its fields together, or refused before anything else looks at it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "head.h"
#include "route.h"
#include "target.h"

#define REQUEST_MAX_CONDITIONS 4 // If-None-Match lines; real clients send one

// What the fields of a head say. Spans are borrowed from the head; an absent field is {0}.
struct request_fields {
    struct head_span authorization;
    struct head_span conditions[REQUEST_MAX_CONDITIONS]; // the values of If-None-Match
    unsigned condition_count;
    struct head_span range;           // the value of Range
    struct head_span range_condition; // of If-Range
    struct head_span encodings;       // of Accept-Encoding
    struct head_span host;
    struct head_span accept;
    struct head_span content_type;
    struct head_span request_key; // Idempotency-Key
    bool has_content;             // content follows the head
    bool is_chunked;              // and its length is not told before
    uint64_t content_bytes;
    bool expects_continue; // the caller waits for our word before it sends it
    bool is_last;          // the caller closes the connection, or wants it closed
};

struct request {
    enum route_method method;
    struct target target;
    struct head_span query; // what follows '?', as it was sent
    struct request_fields fields;
};

// Fills *out, which need not be empty before. STATUS_INVALID or STATUS_TOO_LARGE when the request
// is not sound: it is answered and its connection closed.
enum status request_read(struct request *out, const struct head *head, struct error *err);

// Whether a conditional request is met: the caller has what `etag` names already.
bool request_has_current(const struct request *request, const char *etag, size_t etag_bytes);
