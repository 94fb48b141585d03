// What the files of store/ share: the handle, and how libgit2's failures become ours.
#pragma once

#include <git2.h>

#include "base/hash_stream.h"
#include "store/pending.h"
#include "store/store.h"

struct store {
    git_repository *repository;
    git_odb *odb;
    struct pending *pending; // objects of the write in progress; owned by the odb (a backend of it)
    struct hash_stream *sha1; // NULL in a store opened for reading only
    char *path;
};

// Turns libgit2's last failure into ours: "cannot <what> <subject>: <its words>".
enum status store_fail(struct error *err, int code, const char *what, const char *subject);

static inline void store_to_git(git_oid *out, const struct oid *oid)
{
    git_oid_fromraw(out, oid->bytes);
}

static inline void store_from_git(struct oid *out, const git_oid *oid)
{
    __builtin_memcpy(out->bytes, oid->id, OID_BYTES);
}

// Reads any object; refreshes and tries again before it says that the object is missing.
enum status store_read_object(struct store *store, const struct oid *oid, git_odb_object **out,
                              struct error *err);
