// state.json: which releases an artifact has, and which of them is live. It stands beside `stable/`
// in the tree of the branch `live`.
#pragma once

#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/buffer.h"
#include "base/error.h"
#include "store/store.h"

#define STATE_FILE "state.json"
#define LIVE_REF "refs/heads/live"

struct state_release {
    uint32_t version;
    struct digest digest;
    struct oid tag; // the annotated tag's object, so that a lost ref can be made again
    int64_t released_at;
    int64_t emergency_until; // of an emergency release that was not made up for; 0: none
};

// Starts as {0}.
struct state {
    struct artifact_id id;          // version 0
    uint32_t live_version;          // 0: nothing is live
    struct state_release *releases; // in order of release
    size_t count;
    size_t capacity;
};
void state_release_all(struct state *state); // frees what it holds

// Reads state.json out of an artifact's folder in a tree of `live`; none gives an empty state.
// `path` is "kind/name".
enum status state_read(struct state *out, struct store *store, const struct oid *folder,
                       const char *path, struct error *err);

// Adds a release behind the others; STATUS_DAMAGED for version 0 or one that is there already.
enum status state_add(struct state *state, const struct state_release *release, struct error *err);

// What that release lacked was made up for: it is one like any other.
void state_end_emergency(struct state *state, uint32_t version);

enum status state_print(struct buffer *out, const struct state *state, struct error *err);

// The release of that version, or NULL. Borrowed.
const struct state_release *state_find(const struct state *state, uint32_t version);
