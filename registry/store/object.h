// Any object of a store, by id: blobs, and the signatures on commits and tags.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

enum object_type { OBJECT_COMMIT, OBJECT_TREE, OBJECT_BLOB, OBJECT_TAG };

// Appends a blob's bytes. STATUS_TOO_LARGE over `limit_bytes`. An object that is not found is
// looked for once more after a refresh (another process may just have packed it); then
// STATUS_DAMAGED.
enum status object_read_blob(struct store *store, const struct oid *oid, size_t limit_bytes,
                             struct buffer *out, struct error *err);

// A commit or tag, split for verification: what was signed, and the signature. Starts as {0}.
struct object_signed {
    struct buffer payload;   // the object's text without the signature
    struct buffer signature; // armoured; empty when it is not signed
};
void object_signed_release(struct object_signed *signed_object);
enum status object_read_signed(struct store *store, const struct oid *oid, enum object_type type,
                               struct object_signed *out, struct error *err);

// Reads every object and compares its hash with its id; one that does not fit is reported, and the
// walk goes on. *out_count is how many there are.
typedef enum status (*object_damage)(void *context, const char *what, struct error *err);
enum status object_check_all(struct store *store, object_damage report, void *context,
                             uint64_t *out_count, struct error *err);
