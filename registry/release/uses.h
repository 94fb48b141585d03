// Who would miss what: the artifacts that live ones name in "uses", from both ends.
#pragma once

#include <stddef.h>

#include "artifact/finding.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/state.h"
#include "store/store.h"

// Starts as {0}.
struct uses {
    struct artifact_id *items;
    size_t count;
    size_t capacity;
};
void uses_release(struct uses *uses);

// Says in the index what the artifact uses whose folder in `live` is `folder`.
enum status uses_index(struct environment *environment, const struct state *state,
                       const struct oid *folder, struct error *err);

// Everything live that uses `id`, each with its live version, by the index.
enum status uses_find_users(const struct environment *environment, const struct artifact_id *id,
                            struct uses *out, struct error *err);

// Adds "users": ["KIND/NAME@V"], what is live and uses `id`.
enum status uses_describe_users(struct json *object, const struct environment *environment,
                                const struct artifact_id *id, struct error *err);

// For `verify`: a warning (rule "verify.uses") for each artifact that the live version of this one
// uses and of which nothing is live in `live_tree`; STATUS_DAMAGED when the index says otherwise
// than git what it uses.
enum status uses_inspect(struct environment *environment, const struct oid *live_tree,
                         const struct state *state, const struct oid *folder,
                         struct finding_list *findings, struct error *err);
