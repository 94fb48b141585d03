// All packs of a store as they stand now, for looking up and reading very many objects at once:
// libgit2 takes locks for each of them, and asks the disk about each that it does not find.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/pack_reader.h"
#include "store/store.h"

#define PACK_SET_MANY 64 // objects, from which opening a set pays

// Starts as {0}.
struct pack_set {
    struct pack_reader *readers;
    size_t count;
    size_t capacity;
    bool is_all; // whether the store's objects all stand in these packs
};

// A pack that cannot be read is left out: libgit2 will say what is wrong with it.
enum status pack_set_open(struct pack_set *out, const struct store *store, struct error *err);
void pack_set_release(struct pack_set *set);

// Whether one of the packs has the object. Any thread, as below.
bool pack_set_has(const struct pack_set *set, const struct oid *oid);

// Reads a blob of `size_bytes` bytes. True only when the bytes bear out the id, and show no marks
// of a SHA-1 collision attack; otherwise libgit2 has to be asked, and says why.
bool pack_set_read_blob(const struct pack_set *set, const struct oid *oid, void *out_bytes,
                        size_t size_bytes);
