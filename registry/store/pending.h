// The objects of a write in progress: a backend in front of libgit2's own, so that what was put is
// read back before the writer has packed it all at once (store/writer.h).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "artifact/content.h"
#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"

// One object: its bytes in memory, or a file of content that is read when it is packed.
struct pending_object {
    struct oid oid;
    git_object_t type;
    uint64_t size_bytes;
    char *bytes;                     // owned; NULL for a file
    const struct content_file *file; // borrowed until it is packed, NULL from then on
};

struct pending {
    git_odb_backend backend;        // first member: libgit2 hands it back
    struct pending_object *objects; // in the order in which they were added
    size_t count;
    size_t packed; // how many of them, from the first on, are in a pack already
    size_t capacity;
    struct oid_map by_oid;
};

// Makes the backend and hands it to `odb`, which frees it; *out stays borrowed.
enum status pending_attach(struct pending **out, git_odb *odb, struct error *err);

// Adds an object, unless it is there already; takes the bytes over in any case.
enum status pending_add_bytes(struct pending *pending, const struct oid *oid, git_object_t type,
                              struct buffer *bytes, struct error *err);

// Adds a content file under its blob's id, unless it is there already, without reading it.
enum status pending_add_file(struct pending *pending, const struct oid *oid,
                             const struct content_file *file, struct error *err);

// NULL when it is not there. Borrowed until the next add.
const struct pending_object *pending_find(const struct pending *pending, const struct oid *oid);

// The first `count` are in a pack now. What is in memory goes on being read from there: whoever
// follows up their own write need not look for the new pack.
void pending_note_packed(struct pending *pending, size_t count);

// Forgets everything collected.
void pending_clear(struct pending *pending);
