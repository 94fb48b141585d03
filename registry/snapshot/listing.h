// The live artifacts in order of "kind/name", for the answer of /v1/live. As with the table, a
// listing is never changed: the next one shares all chunks that no change falls into.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "snapshot/entry.h"
#include "snapshot/retired.h"

#define LISTING_CHUNK_ENTRIES 512

struct listing_chunk {
    size_t count; // 1 to LISTING_CHUNK_ENTRIES
    // Whether some entry has; who looks for those passes the others by, 512 at a time.
    bool has_emergency;
    bool has_uses;
    struct entry *entries[];
};

struct listing {
    size_t count; // entries
    size_t chunk_count;
    struct listing_chunk *chunks[];
};

// The listing after `changes` (in order of their keys, each key once) to `before` (NULL: empty).
// Entries without a live release are not listed. `*out` and its new chunks are in change->fresh,
// what only `before` uses in change->stale.
enum status listing_apply(struct listing **out, const struct listing *before,
                          const struct entry_change *changes, size_t count,
                          struct retired_change *change, struct error *err);

// Lets the last listing of a line go, with all its chunks.
void listing_free_all(struct listing *listing);
