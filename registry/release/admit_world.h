// What the checks may ask at the gate: the manifests of what is live, or of what goes live
// together.
#pragma once

#include "artifact/id.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/seal.h"

// Keeps what was read, so that each is read once. Starts as {0} but for the first four. With the
// tree of `drafts` and "content", the latest drafts stand for what is live.
struct admit_world {
    struct environment *environment;
    struct oid live_tree;
    const struct seal *seal; // NULL: nothing goes live together
    const char *folder;      // of an artifact in live_tree; NULL: "stable"
    struct admit_world_entry {
        struct artifact_id id;
        struct manifest manifest; // empty when nothing is live under that id
        bool is_live;
    } * *entries;
    size_t count;
    size_t capacity;
};
void admit_world_release(struct admit_world *world);

// Functions of a check_world, whose context is an admit_world.
enum status admit_world_find(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err);
enum status admit_world_find_live(void *context, const struct artifact_id *id,
                                  const struct manifest **out, struct error *err);
