// Makes one pack of several.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/store.h"

// Merges the packs `stems` ("pack-<id>", newest first) into one, durably, then removes them.
// Entries are copied as they are, but for older versions of a folder, which become deltas of newer
// ones. A pack that stock git made with offset deltas is left alone. Readers in other processes go
// on: an object is at every instant in a pack that they find. Killed at any instant, it leaves a
// valid store. STATUS_DAMAGED when an entry does not have its checksum; then nothing is removed.
// *out_merged is false when fewer than two packs could be merged.
enum status pack_merge(struct store *store, const char *const *stems, size_t count,
                       bool *out_merged, struct error *err);
