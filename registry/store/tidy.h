// Keeping a store tidy while it grows: what killed writers left, many small packs, many loose tags.
// The caller holds the environment's lock; readers go on.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "store/store.h"

// Removes what writers that were killed left: half-written files in objects/pack, a pack without
// its index or the reverse, lock files at the repository's root and under refs/heads. Cheap enough
// for the start of every write: three listings of small folders.
enum status tidy_leftovers(struct store *store, struct error *err);

// How many packs of the same size class are let gather. Each costs every new process six system
// calls (17 us, of 6 ms for a publish), each merge three fsyncs and what it copies: 8 to 32 come
// out the same, and more is rarer.
#define TIDY_PACKS 24
#define TIDY_PACK_MAX_BYTES (32L << 20) // larger packs are left alone: a merge must be short

// Makes one pack of those of a size class, once TIDY_PACKS have gathered; at most one class in a
// call. For the end of a write, after it was acknowledged.
enum status tidy_packs(struct store *store, bool *out_merged, struct error *err);

#define TIDY_LOOSE_TAGS 1000 // 4 KiB of disk each; a listing of that many takes 10 ms

// Packs the tags once more than TIDY_LOOSE_TAGS are loose. Counting them is a walk of refs/tags:
// call it when tidy_packs has merged, which is once in TIDY_PACKS writes.
enum status tidy_tags(struct store *store, struct error *err);

// The two above, as they belong together.
enum status tidy_store(struct store *store, struct error *err);
