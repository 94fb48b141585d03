// Moves `live`: the only place that does, and only with the gate's consent.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "release/control.h"
#include "release/environment.h"
#include "release/gate.h"
#include "release/live_signer.h"
#include "release/state.h"
#include "store/writer.h"

// One artifact as it is to be: its state, and the tree of what is live (none: nothing is).
struct live_change {
    const struct state *state;
    struct oid stable;
};

// `proposal` and `changes` go by the same order. `proposal->commit` is set here, once signed.
struct live_plan {
    struct gate_proposal proposal;
    const struct live_change *changes;
    const char *operation;
    const char *actor;
    int64_t time;
};

// Within a write's frame, with what the plan refers to already put into `writer`: asks the gate,
// builds and signs the commit, asks the gate again with the signatures, makes everything durable
// and moves `live`. Until the last step nothing is visible to anybody.
enum status live_move(struct environment *environment, const struct control *control,
                      struct writer *writer, struct live_plan *plan,
                      const struct live_signer *signer, struct finding_list *findings,
                      struct oid *out_commit, struct error *err);

// The tip of `live` and its tree; none before anything was promoted.
enum status live_tip(struct environment *environment, struct oid *out_commit, struct oid *out_tree,
                     struct error *err);

// The state of one artifact at a tree of `live`.
enum status live_state(struct environment *environment, const struct oid *tree,
                       const struct artifact_id *id, struct state *out, struct error *err);
