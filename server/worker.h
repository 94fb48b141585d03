// One thread that answers: a libmicrohttpd daemon of its own on a listening socket that all workers
// share, so that each has its reader's number and hashing context without any thread-local state.
#pragma once

#include <stdatomic.h>

#include "base/error.h"
#include "exchange.h"

// Limits of one connection, and of one worker.
#define WORKER_CONNECTION_MEMORY_BYTES (16U << 10) // request line, fields and our answer's fields
#define WORKER_IDLE_SECONDS 60U      // longer than the pause between two turns of a call
#define WORKER_MAX_CONNECTIONS 4096U // with their memory: 64 MiB

struct worker;

// Starts answering on `listen_fd`, which is borrowed (duplicated). `services` must outlive the
// worker; `number` is its reader number.
enum status worker_start(struct worker **out, struct exchange_services *services, unsigned number,
                         int listen_fd, unsigned max_connections, struct error *err);

// Stops accepting; open connections go on.
void worker_quiesce(struct worker *worker);

// Requests that were read and not answered to the end yet. Any thread.
unsigned worker_in_flight(const struct worker *worker);

// How often this worker refused to let somebody in. Any thread.
uint64_t worker_refused(const struct worker *worker, enum authenticator_refusal reason);

// Closes all connections and ends the thread. Nothing may be parked any more (archiver_stop).
void worker_stop(struct worker *worker);
void worker_free(struct worker *worker); // stops it first
void worker_release(struct worker **worker);
