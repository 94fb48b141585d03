// Makes the next state of live from the current one. Inside snapshot/ only.
#pragma once

#include "artifact/manifest.h"
#include "base/error.h"
#include "snapshot/snapshot_internal.h"
#include "store/store.h"

struct reload_context {
    struct store *store;
    const struct manifest_reader *manifests;
    const struct snapshot_face *face;
    size_t states; // how many states of live callers may ask for, the newest among them
};

// What the store says is live, and what is decided about it.
struct reload_tips {
    struct oid live;
    struct oid control;
    // What is live and decided stays what it was, but for what the newer control takes away
    // (release/control_narrow.h).
    bool only_limits;
};
enum status reload_look(struct store *store, struct reload_tips *out, struct error *err);

// Loads and verifies what differs between `current` (NULL: nothing was loaded yet) and `tips`.
// After STATUS_OK, *out is the next state and `current` knows what is stale once its readers are
// gone; else everything is as it was. `current` is not linked to it yet (line_append).
// STATUS_DAMAGED for what must not be served.
enum status reload_make(struct snapshot **out, struct snapshot *current, uint64_t serial,
                        const struct reload_tips *tips, const struct reload_context *context,
                        struct error *err);

// Lets a state go that no reader can reach any more, with its `stale`. With `is_last` everything in
// it goes too.
void reload_free(struct snapshot *snapshot, bool is_last);
