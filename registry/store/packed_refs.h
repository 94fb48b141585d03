// The file packed-refs: many refs in one file, sorted by name, so that one of 100,000 is found
// without reading the others. Source: git's Documentation/technical and git-pack-refs(1); each line
// is "<id> <name>", and after a tag "^<the id it names>".
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/oid.h"

#define PACKED_REFS_NAME "packed-refs"

// The file as it was when it was opened. Starts as {0}, which is an empty one.
struct packed_refs {
    const char *bytes; // mapped
    size_t length;
    size_t begin; // of the first ref
    bool is_sorted;
};

// One ref; `name` is borrowed from the mapping, not NUL-terminated.
struct packed_ref {
    const char *name;
    size_t name_bytes;
    struct oid oid;
    struct oid peeled; // what a tag names; none otherwise
};

// Opens `folder`/packed-refs; it is empty when there is none.
enum status packed_refs_open(struct packed_refs *out, const char *folder, struct error *err);
void packed_refs_release(struct packed_refs *refs);

// The ref at *at, which is moved behind it; *out_found is false at the end. STATUS_DAMAGED when a
// line is none of a ref.
enum status packed_refs_next(const struct packed_refs *refs, size_t *at, struct packed_ref *out,
                             bool *out_found, struct error *err);

// Where to begin with packed_refs_next so as to meet every ref that is not less than `name`.
enum status packed_refs_seek(const struct packed_refs *refs, const char *name, size_t *out_at,
                             struct error *err);

enum status packed_refs_find(const struct packed_refs *refs, const char *name, struct oid *out,
                             struct error *err);

// Whether no ref's name is a folder of `name`, nor the reverse.
enum status packed_refs_allow(const struct packed_refs *refs, const char *name, bool *out,
                              struct error *err);

// Adds refs, sorted by name, no two alike; one that stands there already is replaced. All at once
// and durably.
enum status packed_refs_add(const char *folder, const struct packed_ref *refs, size_t count,
                            struct error *err);
