// One request on its way to its answer: held to the rules, routed, authenticated, authorised,
// handled. A worker has one, and uses it for one request after the other.
#pragma once

#include <stdbool.h>

#include "archiver.h"
#include "authenticator.h"
#include "base/error.h"
#include "caller_limits.h"
#include "counters.h"
#include "head.h"
#include "outgoing.h"
#include "performer.h"
#include "readiness.h"
#include "receiver.h"
#include "reply.h"
#include "request.h"
#include "route.h"
#include "snapshot/holder.h"
#include "visitors.h"

struct receipts; // server/receipts.h

// What all workers share.
struct exchange_services {
    struct holder *holder;
    struct archiver *archiver;
    struct performer *performer; // NULL: this server takes no operations
    const char *environment_path;
    const char *scheme; // "http", or "https": how callers reach us
    struct log *log;
    struct journal *journal;
    struct readiness readiness;
    struct ring *refusals;     // notes of refused keys (refusals.h)
    struct receipts *receipts; // of calls
    struct limits limits;
    struct tls *tls; // NULL: plain HTTP
    struct visitors *visitors;
    // One for each worker.
    struct counters *counters;
    const struct authenticator **authenticators;
    unsigned workers;
};

// Starts as {0}, with the first three members set.
struct exchange {
    struct exchange_services *services;
    struct authenticator *authenticator; // the worker's own
    unsigned worker;                     // its number; also as a reader of the snapshot
    struct counters *counters;           // the worker's own
    const char *date;                    // "Date: …", with its CRLF; kept current by the worker
    // Of the request at hand:
    struct connection *connection;
    struct outgoing *outgoing;
    struct authenticator_memory *memory; // the connection's
    struct request request;
    struct receiver *content; // all that was received; NULL: there was none
    bool is_answered;
    bool is_parked;
    bool closes;          // the connection ends with this answer
    uint64_t whole_bytes; // of what no such range could be sent of
    unsigned http_status;
    // While a handler runs:
    struct route_match match;
    struct snapshot *snapshot;
    struct snapshot *state;                 // that the path names: `snapshot`, or one that it holds
    const struct control_key *key;          // NULL on a route that is open to anybody
    const struct snapshot_release *release; // that was found for this request; NULL: none
};

enum exchange_next {
    EXCHANGE_ANSWERED, // exchange->closes says whether the connection ends with it
    EXCHANGE_PARKED,   // to be finished when the connection is resumed
    EXCHANGE_RECEIVES, // exchange->request says how the content comes; it goes to `receiver`
    EXCHANGE_LOST,     // not even a problem could be sent: the connection is to be closed
};

// What a connection asks of its exchange.
struct exchange_call {
    struct connection *connection;
    struct outgoing *outgoing; // has room for an answer
    struct authenticator_memory *memory;
    const struct head *head;
    int64_t began_ns;          // when the request was there (base/clock.h)
    bool is_stopping;          // let each answer be its connection's last
    struct receiver *receiver; // begin: filled for EXCHANGE_RECEIVES; finish: the content, or NULL
};

// With the head of a request, before any of its content.
enum exchange_next exchange_begin(struct exchange *exchange, const struct exchange_call *call);

// When all of its content was received, or the connection was resumed: with the same head again.
enum exchange_next exchange_finish(struct exchange *exchange, const struct exchange_call *call);

// Says why a request is not listened to any further; call->head is not looked at.
enum exchange_next exchange_refuse(struct exchange *exchange, const struct exchange_call *call,
                                   const struct error *reason);

// --- for handlers ---

// Sends the response, which stays the caller's.
enum status exchange_send(struct exchange *exchange, unsigned http_status,
                          struct response *response);

// A representation that lies somewhere in a response's content.
struct exchange_piece {
    struct response *response; // stays the caller's
    uint64_t first;
    uint64_t size_bytes;
    const char *bytes;          // where it begins, when it is in memory; NULL: in a file
    struct reply_fields fields; // may_be_part: a range of it may be asked for
};
// Answers GET and HEAD with it: 304 when the caller has it, 206 or 416 for a range, else 200.
// Allocates nothing.
enum status exchange_send_piece(struct exchange *exchange, const struct exchange_piece *piece,
                                struct error *err);

// Answers GET and HEAD with a release's JSON, whose lines are ready: 304 when the caller has it.
enum status exchange_send_body(struct exchange *exchange, const struct snapshot_release *release,
                               const struct snapshot_body *body);

// An answer made for this request alone, about a release: nobody may keep it. Takes `body` over.
enum status exchange_send_made(struct exchange *exchange, const struct snapshot_release *release,
                               struct buffer *body, struct error *err);

// The release that the path names, as far as the key reaches. STATUS_NOT_FOUND, with the very same
// words whatever the reason: unknown, a draft, never promoted, quarantined, or out of scope.
enum status exchange_find_release(struct exchange *exchange, const struct snapshot_release **out,
                                  struct error *err);
enum status exchange_not_found(struct error *err);
