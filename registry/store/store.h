// An environment's git repository: opening it, its refs and its objects. With the rest of store/,
// the only door to libgit2. A handle belongs to one thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash_stream.h"
#include "store/oid.h"

struct store;

#define STORE_REF_BYTES 512 // "refs/tags/release/knowledge/" and the longest name and version

// Makes a bare repository; STATUS_CONFLICT when there is something at `path`.
enum status store_create(const char *path, struct error *err);

// STATUS_NOT_FOUND when there is none, STATUS_DAMAGED when git cannot read it. `sha1` makes the
// hash that writing needs (trust/sha1_stream.h: sha1_stream_new); NULL opens for reading only.
enum status store_open(struct store **out, const char *path, hash_stream_new sha1,
                       struct error *err);
void store_free(struct store *store);
void store_release(struct store **store);          // for OWNED
const char *store_path(const struct store *store); // borrowed

// --- refs ---
// The commit a branch stands at, or the object a tag names. *out is none when there is no such ref.
enum status store_ref_get(struct store *store, const char *ref, struct oid *out, struct error *err);

// Moves a ref from `expected` to `oid`, durably, by compare-and-swap; `expected` none means it must
// not exist yet. STATUS_CONFLICT, code "ref_moved", when it stands elsewhere, "ref_taken" when its
// name is a folder of another ref's or the reverse. The caller holds the environment's lock, so a
// lock file found here was left by a process that died: it is removed (at once when it is older
// than a second; a fresh one may be stock git's, and is waited for).
enum status store_ref_move(struct store *store, const char *ref, const struct oid *expected,
                           const struct oid *oid, struct error *err);

// A ref's move: what store_ref_move is told.
struct store_move {
    char ref[STORE_REF_BYTES];
    struct oid expected;
    struct oid to;
};

// From here on moves of refs are looked at and kept, not made; the store answers as if they were.
void store_ref_hold(struct store *store);
// Those that are held, in order; borrowed until the next move.
const struct store_move *store_ref_held(const struct store *store, size_t *out_count);
// Makes them, in order, and holds no more. What store_ref_move answers to the first that fails;
// those behind it are not made.
enum status store_ref_make_held(struct store *store, struct error *err);
// Forgets them, and holds no more. Nothing to do when nothing is held.
void store_ref_drop_held(struct store *store);

// Creates refs that must not exist yet, no two alike: all or, after a failure or a crash, none.
// Durable. For many tags at once: it costs one rewriting of packed-refs (30 ms at 100,000 tags),
// not two fsyncs a tag. The objects must be in the store. STATUS_CONFLICT as for store_ref_move.
struct store_ref {
    const char *ref;
    struct oid oid;
};
enum status store_ref_create(struct store *store, const struct store_ref *refs, size_t count,
                             struct error *err);

typedef enum status (*store_ref_visit)(void *context, const char *ref, const struct oid *oid,
                                       struct error *err);
// Every ref whose name matches the glob ("refs/tags/release/*"; '*' also matches '/'), in no
// particular order.
enum status store_ref_each(struct store *store, const char *pattern, store_ref_visit visit,
                           void *context, struct error *err);
