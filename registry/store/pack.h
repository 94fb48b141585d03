// Writes many objects as one pack, streamed into libgit2's indexer, which checks every object and
// makes pack and index durable. Source of the format: gitformat-pack(5).
#pragma once

#include "base/error.h"
#include "store/pending.h"
#include "store/store.h"

// Packs the given objects (no two alike) into the store. After STATUS_OK they survive power loss,
// and each is found under its id. Memory use does not grow with their sizes, mapped files apart.
enum status pack_write(struct store *store, const struct pending_object *objects, size_t count,
                       struct error *err);

// Removes what writes that were killed left behind: temporary files, and a pack without its index
// or an index without its pack. The caller holds the environment's lock.
enum status pack_remove_leftovers(struct store *store, struct error *err);

// Keeps the number of packs small: when PACK_MERGE_COUNT of about the same size have gathered, they
// become one. The caller holds the environment's lock; readers go on.
#define PACK_MERGE_COUNT 24
enum status pack_merge(struct store *store, struct error *err);
