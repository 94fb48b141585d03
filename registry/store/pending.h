// The objects of a write in progress: a backend in front of libgit2's own, so that trees and
// commits made by libgit2 stay in memory, readable, until the writer packs them all at once
// (store/writer.h).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "artifact/content.h"
#include "base/error.h"
#include "store/oid.h"

// One object: its bytes in memory, or a file of content that is read when it is packed.
struct pending_object {
    struct oid oid;
    git_object_t type;
    size_t size_bytes;
    void *bytes;                     // owned; NULL when `file` is set
    const struct content_file *file; // borrowed until the write ends
};

struct pending {
    git_odb_backend backend;        // first member: libgit2 hands it back
    struct pending_object *objects; // in the order in which they were added
    size_t count;
    size_t capacity;
    struct oid_map by_oid;
    bool hidden; // finds nothing, so that look-ups see what is on disk
};

// Makes the backend and hands it to `odb`, which frees it; *out stays borrowed.
enum status pending_attach(struct pending **out, git_odb *odb, struct error *err);

// Adds a content file under its blob's id, without reading it.
enum status pending_add_file(struct pending *pending, const struct oid *oid,
                             const struct content_file *file, struct error *err);

bool pending_has(const struct pending *pending, const struct oid *oid);

// Forgets everything collected.
void pending_clear(struct pending *pending);
