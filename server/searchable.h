// The full-text index of a knowledge base, made once and kept as long as the release.
#pragma once

#include <stdatomic.h>

#include "base/error.h"
#include "ledger/search_index.h"
#include "snapshot/snapshot_release.h"

// A copy of its file in memory (about half of the documents' text), so that nobody who changes the
// file can harm the server. What it says is only a hint where to look (snapshot/search.h), so that
// a file from the cache is held to its own digest alone.
struct searchable;

struct searchable_plan {
    const char *cache_path;  // the environment's cache/
    unsigned workers;        // that will search
    const atomic_bool *stop; // set: give it up
};

enum status searchable_make(struct searchable **out, const struct snapshot_release *release,
                            const struct searchable_plan *plan, struct error *err);
void searchable_free(struct searchable *searchable);

// A worker's own way into the index, opened when it first searches. Borrowed.
enum status searchable_index(struct searchable *searchable, unsigned worker,
                             struct search_index **out, struct error *err);
