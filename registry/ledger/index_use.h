// The part of the index that says what uses what: for everything that is live, the artifacts that
// it names in "uses". Rebuilt with the rest of it.
#pragma once

#include <stddef.h>

#include "artifact/id.h"
#include "base/error.h"
#include "ledger/ledger.h"

// Says anew what `user`'s live version uses (none: nothing of it is live). Versions are not looked
// at. Belongs into a transaction.
enum status index_use_set(struct ledger *ledger, const struct artifact_id *user,
                          const struct artifact_id *used, size_t count, struct error *err);

// `id` is borrowed until the visit returns. The first status that is not STATUS_OK ends the walk
// and is its answer; a visit may read the ledger, not write to it.
typedef enum status (*index_use_visit)(void *context, const struct artifact_id *id,
                                       struct error *err);

// What `user` uses, without versions, in bytewise order of "kind/name".
enum status index_use_each(struct ledger *ledger, const struct artifact_id *user,
                           index_use_visit visit, void *context, struct error *err);

// What is live and uses `used`, each with its live version, likewise in order.
enum status index_use_each_user(struct ledger *ledger, const struct artifact_id *used,
                                index_use_visit visit, void *context, struct error *err);
