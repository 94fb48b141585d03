// A request as this server reads it: sound by RFC 9112, or refused before anything else looks at
// it. What libmicrohttpd decides before we are asked stands in docs/reference/http-api.md.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "route.h"
#include "target.h"

struct MHD_Connection;

#define REQUEST_MAX_CONDITIONS 4 // If-None-Match lines; real clients send one

// Field values are borrowed from the connection, for the time of its handler's call.
struct request {
    enum route_method method;
    struct target target;
    const char *authorization; // NULL: none
    size_t authorization_bytes;
    const char *conditions[REQUEST_MAX_CONDITIONS]; // the values of If-None-Match
    unsigned condition_count;
    bool has_content; // a body follows, which no route here takes
};

// Fills *out, which need not be empty before. STATUS_INVALID or STATUS_TOO_LARGE when the request
// is not sound: it is answered and its connection closed.
enum status request_read(struct request *out, struct MHD_Connection *connection, const char *method,
                         const char *url, const char *version, struct error *err);

// Whether a conditional request is met: the caller has what `etag` names already.
bool request_has_current(const struct request *request, const char *etag);

// The fields that decide where a request ends and whom it is for, while they are counted.
struct request_fields {
    struct request *request;
    unsigned hosts;
    unsigned authorizations;
    unsigned lengths;
    unsigned encodings;
    bool is_malformed;
};
// Takes one field line; for tests, too.
void request_take_field(struct request_fields *fields, const char *name, size_t name_bytes,
                        const char *value, size_t value_bytes);
// What all lines together come to.
enum status request_judge_fields(const struct request_fields *fields, const char *version,
                                 struct error *err);
