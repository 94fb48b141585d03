// The board: what a policy asks of one promotion, and which of it is met, by whom, until when, or
// what is missing. The gate refuses by the very same entries that `greenroom status` shows.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/manifest.h"
#include "base/error.h"
#include "release/approval.h"
#include "release/control.h"
#include "release/evidence.h"

// Everything is borrowed.
struct board_question {
    const struct control *control; // the target's
    const struct approval_subject *subject;
    const struct manifest *manifest;
    const struct evidence *evidence;             // of the version
    const struct evidence *environment_evidence; // of the environment
    int64_t now;
};

struct board_entry {
    char *stage; // its id in the policy, "approvals" for approvals
    char *id;    // the item, or the group that is asked for ("" for any approver)
    char *title;
    bool is_environment; // an item of environment scope
    char *destination;   // what a binding means that it is asked of; NULL: it is not about one
    bool met;
    char *by;      // who met it; names joined by ", "
    int64_t until; // when that ends; 0 when it is not met
    char *missing; // what is missing, when it is not met
};

// Starts as {0}.
struct board {
    struct board_entry *entries;
    size_t count;
    size_t capacity;
};
void board_release(struct board *board);

// The entries in the policy's order: items stage by stage, then approvals.
enum status board_build(struct board *out, const struct board_question *question,
                        struct error *err);

// The policy's item of that id, or NULL.
const struct json *board_find_item(const struct json *policy, const char *id);

// Whether the policy has an item that asks what the binding of this name means to be attested; NULL
// when none does. Borrowed.
const struct json *board_find_binding_item(const struct json *policy, const char *name);

// Whether somebody attested the item for exactly this value of a binding: NULL when it holds now,
// else what is missing (static).
const char *board_judge_destination(const struct control *control, const struct json *item,
                                    const struct evidence *environment_evidence,
                                    const char *destination, int64_t now);
