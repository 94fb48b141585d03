// What the files of store/ do with a single object: read it, name it, add it to the write in
// progress.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2.h>

#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

// For OWNED.
void store_object_release(git_odb_object **object);

// Looks for new packs before it says STATUS_DAMAGED: whoever asks by id has it from the store. The
// bytes bear out the id, and show no marks of a SHA-1 collision attack. Any thread, once the store
// is open.
enum status store_object_read(struct store *store, const struct oid *oid, git_odb_object **out,
                              struct error *err);

// The same, and STATUS_DAMAGED unless it is of this type.
enum status store_object_read_typed(struct store *store, const struct oid *oid, git_object_t type,
                                    git_odb_object **out, struct error *err);

// What a tag object names; none for an object that is no tag.
enum status store_object_peel(struct store *store, const struct oid *oid, struct oid *out,
                              struct error *err);

// Whether a look-up by libgit2 is to be made again, having failed for want of an object. libgit2
// looks for new packs once, and a writer may merge those it found (tidy.h) before it opens them.
// `*looks` starts as 0. Any thread.
bool store_object_look_again(struct store *store, int code, unsigned *looks);

// STATUS_DAMAGED, naming the object, for what libgit2 cannot find or read; else as store_fail.
enum status store_object_fail(struct error *err, int code, const struct oid *oid);

// git's name for an object of these bytes. STATUS_REFUSED for bytes that carry the marks of a SHA-1
// collision attack: stock git refuses to read such an object.
enum status store_object_name(const void *bytes, size_t length, git_object_t type, struct oid *out,
                              struct error *err);

// Whether it is in the write in progress or in the store, as far as this handle knows: it does not
// look for new packs.
bool store_object_exists(struct store *store, const struct oid *oid);

// Whether the store has loose objects.
enum status store_object_any_loose(const struct store *store, bool *out, struct error *err);

// Adds an object to the write in progress, unless it exists; takes the bytes over.
enum status store_object_add(struct store *store, git_object_t type, struct buffer *bytes,
                             struct oid *out, struct error *err);
// The same for what is hardly ever there: a commit, and the trees that a change goes through. It is
// not looked for, as that asks each pack of the store; twice there, it is one again when packs are
// merged.
enum status store_object_add_new(struct store *store, git_object_t type, struct buffer *bytes,
                                 struct oid *out, struct error *err);

// What a blob's hash begins with: "blob <size>" and a NUL. Returns its length.
#define STORE_OBJECT_HEADER_BYTES 32
size_t store_object_blob_header(char out[STORE_OBJECT_HEADER_BYTES], uint64_t size_bytes);
