// Loose refs: one file each, below the repository's refs/, that holds an id and a line feed.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/oid.h"

struct loose_ref {
    char *name; // "refs/tags/release/prompt/greeting/4"
    struct oid oid;
};

// Starts as {0}.
struct loose_refs {
    struct loose_ref *items; // sorted by name
    size_t count;
    size_t capacity;
};
void loose_refs_release(struct loose_refs *refs);

// One ref; *out is none when there is no such file. STATUS_DAMAGED when it holds no id.
enum status loose_refs_find(const char *folder, const char *name, struct oid *out,
                            struct error *err);

// Every loose ref below a folder of refs ("refs/tags"); none when it is not there.
enum status loose_refs_read(struct loose_refs *out, const char *folder, const char *below,
                            struct error *err);

bool loose_refs_has(const struct loose_refs *refs, const char *name);
