// A promotion's target, seen from the sandbox: what status, approve and plan need to know of it.
#pragma once

#include "operation/operation.h"
#include "operation/operation_sealed.h"
#include "release/approval.h"
#include "release/board.h"
#include "release/gate.h"

// One draft, and the environment that it is meant for. Starts as {0}.
struct operation_target {
    struct environment *environment; // the target: `opened`, or the call's own
    struct environment *opened;
    struct control control; // the target's
    struct state state;     // of the artifact, there
    struct content live;    // what is live there now, hashed; empty when nothing is
    struct operation_sealed source;
    const struct seal_item *draft; // the one that the source holds
    struct gate_item item;
    struct approval_subject subject;
};
void operation_target_release(struct operation_target *target);

// Opens what the input names: "artifact" in the call's sandbox, and "to"; or, where a seal came
// with the call, the artifact in it, and the call's environment. The target must not move
// afterwards: its `item` and `subject` point into it.
enum status operation_target_open(struct operation_target *out, struct operation_call *call,
                                  struct error *err);

// STATUS_REFUSED unless it is of the class that a target has. `label` is what messages call it.
enum status operation_target_check(const struct environment_identity *identity, const char *label,
                                   struct error *err);

// The board of it.
enum status operation_target_board(struct board *out, const struct operation_target *target,
                                   struct error *err);

// {"artifact","version","digest","replaces":{…}|null,"summary":[…],"files":[…]}: what would change
// for callers.
enum status operation_target_changes(struct json *object, const struct operation_target *target,
                                     struct error *err);
