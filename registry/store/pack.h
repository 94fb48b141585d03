// Writes many objects as one pack, durably.
#pragma once

#include <stdatomic.h>

#include "base/error.h"
#include "store/pack_file.h"
#include "store/pending.h"
#include "store/store.h"

// A write of more than this in all is stored as it is. Somebody waits for it, deflate at its
// fastest takes three quarters of the whole time (75 MB/s), and who wants the room back later runs
// `git repack -ad`. Up to here deflating takes less than the disk does.
#define PACK_DEFLATE_MAX_BYTES (4U << 20)

// Packs the given objects (no two alike) into the store. After STATUS_OK they survive power loss.
// STATUS_CONFLICT, code "content_changed", when a file of content no longer has the bytes that its
// id was made from; then nothing was written. Memory use does not grow with the objects' sizes,
// mapped files apart.
enum status pack_write(struct store *store, const struct pending_object *objects, size_t count,
                       struct error *err);

// The same, but for making the pack visible (pack_file_show). STATUS_CONFLICT, code "given_up",
// soon after `stop` (may be NULL) has become true.
enum status pack_make(struct pack_file *out, struct store *store,
                      const struct pending_object *objects, size_t count, const atomic_bool *stop,
                      struct error *err);
