// Trees: look-ups, listings, and what differs between two.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

// One entry; `name` is borrowed for the visit.
struct tree_entry {
    const char *name;
    struct oid oid;
    bool is_tree;
};

// What stands at a path ("prompt/outbound/greeting/draft.json"). *out is none when nothing does, or
// when `root` is none.
enum status tree_find(struct store *store, const struct oid *root, const char *path,
                      struct oid *out, bool *out_is_tree, struct error *err);

typedef enum status (*tree_visit)(void *context, const struct tree_entry *entry, struct error *err);
enum status tree_each(struct store *store, const struct oid *tree, tree_visit visit, void *context,
                      struct error *err);

// Visits every folder that holds `marker` ("state.json") and differs between two trees (either may
// be none); equal subtrees are skipped without being read. `before` and `after` are the folder's
// tree ids, none where it does not stand or does not hold the marker. On the side where a folder is
// marked, folders below it are not entered.
typedef enum status (*tree_change_visit)(void *context, const char *path, const struct oid *before,
                                         const struct oid *after, struct error *err);
enum status tree_each_change(struct store *store, const struct oid *before, const struct oid *after,
                             const char *marker, tree_change_visit visit, void *context,
                             struct error *err);
