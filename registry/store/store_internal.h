// What the files of store/ share: the handle, and how libgit2's failures become ours.
#pragma once

#include <git2.h>

#include "base/buffer.h"
#include "base/hash_stream.h"
#include "store/held_moves.h"
#include "store/pending.h"
#include "store/store.h"

// Names in objects/pack of what a writer has not finished. There is one writer at a time, so one of
// each; stock git's clean-up takes "tmp_*" away, too.
#define STORE_TEMPORARY_PACK "tmp_greenroom_pack"
#define STORE_TEMPORARY_INDEX "tmp_greenroom_idx"

// A write reads the commits that it begins and ends with several times each.
#define STORE_KNOWN_COMMITS 4

struct store {
    git_repository *repository;
    git_odb *odb;
    struct pending *pending; // objects of the write in progress; owned by the odb (a backend of it)
    struct hash_stream *sha1; // of packs and indexes; NULL in a store opened for reading only
    struct hash_stream *object_sha1; // of objects, while `sha1` is busy with their pack
    bool is_behind;                  // whether it packed objects that libgit2 has not found yet
    struct held_moves held;
    struct oid known_commits[STORE_KNOWN_COMMITS]; // read last, and found to be well-formed
    size_t next_known;                             // the one that is replaced next
    char *path;
    char *pack_folder;
};

// Starts libgit2, once in a process.
enum status store_start_library(struct error *err);

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

// Forgets the write in progress, and that this handle may have read its objects.
void store_give_up(struct store *store);
