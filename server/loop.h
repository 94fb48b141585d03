// The epoll loop of one worker: who connects, whose turn it is, who is overdue.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "connection.h"

#define LOOP_DATE_BYTES 40 // "Date: Mon, 23 Nov 2026 10:30:00 GMT", CRLF, NUL

struct loop {
    int listen_fd; // borrowed; -1: accepts nobody
    int epoll_fd;
    int wake_fd;
    unsigned max_connections;
    // Any thread:
    atomic_bool must_quiesce;
    atomic_bool must_end;
    atomic_bool is_quiet; // nobody new is accepted, and no answer is under way any more
    _Atomic(struct connection *) resumed; // by other threads
    // The loop's own:
    struct connection *open;
    unsigned open_count;
    struct connection *ready; // in the order of their turns
    struct connection **ready_end;
    struct connection *closed; // freed when no event of this round can name them any more
    int64_t swept_ms;
    int64_t accepts_again_ms; // after the system had no descriptor left; 0: it has
    time_t date_of;
    char date[LOOP_DATE_BYTES];
    struct workbench bench;
};

// `loop` is zeroed, but for listen_fd, max_connections and bench.exchange, and stays where it is.
enum status loop_open(struct loop *loop, struct error *err);
void loop_close(struct loop *loop); // after loop_run, or loop_open, has come back

void loop_run(struct loop *loop); // until must_end is set and loop_wake called
void loop_wake(struct loop *loop);
