// One thread that answers: an epoll loop over the connections that it accepted from a listening
// socket that all workers share, so that nothing but the snapshot is shared between them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "authenticator.h"
#include "base/error.h"
#include "exchange.h"

struct worker;

// Starts answering on `listen_fd`, which is borrowed. `services` must outlive the worker; `number`
// is its reader number.
enum status worker_start(struct worker **out, struct exchange_services *services, unsigned number,
                         int listen_fd, unsigned max_connections, struct error *err);

// Stops accepting, closes the connections that wait for a request, and lets every answer from now
// on be its connection's last. Any thread.
void worker_quiesce(struct worker *worker);

// Whether, after worker_quiesce, no answer is under way any more. Any thread.
bool worker_is_quiet(const struct worker *worker);

// How often this worker refused to let somebody in. Any thread.
uint64_t worker_refused(const struct worker *worker, enum authenticator_refusal reason);

// Closes all connections and ends the thread. Nothing may be parked any more (archiver_stop).
void worker_stop(struct worker *worker);
void worker_free(struct worker *worker); // stops it first
void worker_release(struct worker **worker);
