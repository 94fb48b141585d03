// Performs operations in threads of its own, so that a worker is not kept from its other callers by
// one that waits for a lock, or for a disk; who asked waits meanwhile, parked.
#pragma once

#include "base/error.h"
#include "order.h"

struct performer;

#define PERFORMER_THREADS 4     // writes go one after the other anyway, reads rarely take long
#define PERFORMER_MAX_ORDERS 64 // waiting or under way; who comes then is told to come again

enum status performer_start(struct performer **out, struct error *err);

// Parks the order's connection until the order is done; then its handler is called again. The order
// must last until then. STATUS_CONFLICT (code "busy") when too many wait, or the server is
// stopping.
enum status performer_submit(struct performer *performer, struct order *order,
                             struct connection *connection, struct error *err);

// Lets what is under way be finished, and refuses what waits: every parked connection goes on, and
// none can be parked any more. Before the workers are stopped.
void performer_stop(struct performer *performer);
void performer_free(struct performer *performer); // stops it first
void performer_release(struct performer **performer);
