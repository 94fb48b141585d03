// One request on its way to its answer: read, held to the rules, routed, authenticated, authorised,
// handled. A worker has one, and uses it for one request after the other.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>

#include "archiver.h"
#include "authenticator.h"
#include "base/error.h"
#include "readiness.h"
#include "request.h"
#include "route.h"
#include "snapshot/holder.h"

// What all workers share.
struct exchange_services {
    struct holder *holder;
    struct archiver *archiver;
    struct readiness readiness;
};

// Starts as {0}, with the first three members set.
struct exchange {
    struct exchange_services *services;
    struct authenticator *authenticator; // the worker's own
    unsigned worker;                     // its number; also as a reader of the snapshot
    struct MHD_Connection *connection;
    bool is_read; // `request` is this connection's, and the call before was for it
    enum status request_status;
    struct error request_fault; // when request_status is not STATUS_OK
    struct request request;
    // While a handler runs:
    struct route_match match;
    struct snapshot *snapshot;
    struct snapshot *state;        // that the path names: `snapshot`, or one that it holds
    const struct control_key *key; // NULL on a route that is open to anybody
    enum MHD_Result result;
};

// What libmicrohttpd tells of a request with each of its calls.
struct exchange_line {
    const char *method;
    const char *url; // without its query, not decoded
    const char *version;
};

// The first of its calls, before any body is read. Answers only what is refused early, so that the
// connection is closed and nothing more is read from it: what is not sound, or has a body.
enum MHD_Result exchange_begin(struct exchange *exchange, struct MHD_Connection *connection,
                               const struct exchange_line *line);

// The last call, or the one after a suspension: answers, or parks the connection.
enum MHD_Result exchange_answer(struct exchange *exchange, struct MHD_Connection *connection,
                                const struct exchange_line *line);

// --- for handlers ---

// Queues the response, which stays the caller's.
enum status exchange_send(struct exchange *exchange, unsigned http_status,
                          struct MHD_Response *response);

// The release that the path names, as far as the key reaches. STATUS_NOT_FOUND, with the very same
// words whatever the reason: unknown, a draft, never promoted, quarantined, or out of scope.
enum status exchange_find_release(struct exchange *exchange, const struct snapshot_release **out,
                                  struct error *err);
enum status exchange_not_found(struct error *err);
