// Makes archives and search indexes in a thread of its own, so that a large one does not keep a
// worker from all its other callers; who asked for one waits meanwhile, parked.
#pragma once

#include "base/error.h"
#include "prepared.h"
#include "snapshot/snapshot.h"

struct connection;
struct log;

struct archiver;

#define ARCHIVER_MAX_PARKED 256 // callers waiting; who comes then is told to come again

// `cache_path` is copied; `workers` is how many will search.
enum status archiver_start(struct archiver **out, const char *cache_path, unsigned workers,
                           struct log *log, struct error *err);

// Suspends the connection until it is made (prepared_is_made) or has failed
// (prepared_failed_lately); then its handler is called again. Called from that handler, between
// enter and leave. STATUS_CONFLICT (code "busy") when too many wait, or the server is stopping.
enum status archiver_park(struct archiver *archiver, const struct snapshot_release *release,
                          enum prepared_kind kind, struct connection *connection,
                          struct error *err);

// Gives up what is under way and what waits: every parked connection goes on, and none can be
// parked any more. Before the workers are stopped.
void archiver_stop(struct archiver *archiver);
void archiver_free(struct archiver *archiver); // stops it first
void archiver_release(struct archiver **archiver);
