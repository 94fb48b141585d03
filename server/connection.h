// One connection, from the first byte to the last: reads heads and content, has each request
// answered, in order, and sends what was answered. Never blocks; one worker's thread has it.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "body.h"
#include "exchange.h"
#include "head.h"
#include "intake.h"
#include "outgoing.h"
#include "phase.h"
#include "transport.h"

struct connection;

// What a worker lends to whichever connection it looks after, and what they report back to.
struct workbench {
    struct exchange exchange;
    struct phase_lists phases;
    int64_t now_ns; // when this round of the loop began, kept current by the worker
    int64_t now_ms;
    bool is_stopping; // no request after the one under way
    void (*resume)(void *context, struct connection *connection); // from any thread
    void *context;
    char in[INTAKE_SCRATCH_BYTES];
    char out[OUTGOING_SCRATCH_BYTES];
};

// Content on its way in, and the head it belongs to.
struct upload {
    struct body body;
    struct receiver receiver;
    char *head;
    size_t head_bytes;
};

struct connection {
    struct phase_place place; // first: a place is its connection
    struct workbench *bench;
    struct transport transport;
    struct visitor visitor;
    struct intake intake;
    struct outgoing outgoing;
    struct head_scan scan;
    struct authenticator_memory memory;
    int64_t began_ns;      // when the request under way was there; 0: none is
    struct upload *upload; // NULL: no content is expected
    bool may_read;         // epoll said so, and no read has said otherwise since
    bool is_ending;        // epoll said that the end is there, and will not say so again
    bool has_ended;        // the peer sends no more
    bool closes;           // after what is in `outgoing`
    bool is_parked;
    // The worker's own:
    struct connection *before, *after; // of all its open ones
    struct connection *next_ready;     // has more to do when others had their turn
    struct connection *next_resumed;
    bool is_ready;
    bool is_over; // released; only its memory is still there
};

enum connection_state {
    CONNECTION_WAITS, // for epoll
    CONNECTION_READY, // has more to do when others had their turn
    CONNECTION_OVER,  // to be released
};

// `transport` is copied, and the connection's from here on.
void connection_init(struct connection *connection, struct workbench *bench,
                     const struct transport *transport);
void connection_release(struct connection *connection);

// Goes on as far as it can. The worker has noted in `may_read` what epoll said.
enum connection_state connection_run(struct connection *connection);

// It has waited for longer than its phase allows: answers 408 where that is of use.
enum connection_state connection_overdue(struct connection *connection);

// For handlers: the request is answered later. Its handler is called again after
// connection_resume, which any thread may call, once.
void connection_park(struct connection *connection);
void connection_resume(struct connection *connection);
