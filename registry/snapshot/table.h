// From an artifact's kind and name to its entry. A table is never changed: the next one shares all
// buckets but those that changes fall into, so that making it costs what changed (and a copy of the
// directory, one pointer for every eight artifacts).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "snapshot/entry.h"
#include "snapshot/retired.h"

struct table_bucket {
    uint64_t serial; // of the table that made it; others only share it
    uint32_t count;
    uint32_t capacity;
    struct table_slot {
        uint64_t hash;
        struct entry *entry;
    } slots[];
};

// The directory. `serial` tells one table from all others of its holder.
struct table {
    uint64_t serial;
    size_t count;
    unsigned bits;                  // 1 << bits buckets
    struct table_bucket *buckets[]; // NULL: empty
};

// The table after `changes` to `before` (NULL: empty). `*out` is in change->fresh, what only
// `before` uses in change->stale; the entries themselves are the caller's.
enum status table_apply(struct table **out, const struct table *before,
                        const struct entry_change *changes, size_t count, uint64_t serial,
                        struct retired_change *change, struct error *err);

// The entry, or NULL. No allocation; any number of readers.
struct entry *table_find(const struct table *table, enum artifact_kind kind, const char *name,
                         size_t name_bytes);

// Calls `visit` for each entry, in no order, until one fails.
enum status table_each(const struct table *table,
                       enum status (*visit)(void *context, const struct entry *entry,
                                            struct error *err),
                       void *context, struct error *err);

// Lets the last table of a line go, with all its buckets; `dispose` gets each entry.
void table_free_all(struct table *table, void (*dispose)(struct entry *entry));
