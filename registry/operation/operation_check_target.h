// The environment that an artifact is checked for: its policy, its waivers, and what is there.
#pragma once

#include "check/check.h"
#include "operation/operation_checks.h"
#include "release/admit_world.h"
#include "release/control.h"
#include "release/environment.h"

// Starts as {0}, and then stands for no environment: a sandbox of which nothing is known. Must not
// move once it is filled: its world points into it.
struct operation_check_target {
    struct environment *opened; // by operation_check_target_open
    struct control control;     // read where there is an environment
    bool has_control;
    struct admit_world known;
    struct check_world world;
};
void operation_check_target_release(struct operation_check_target *target);

// For this environment, which stays the caller's: an artifact is judged as a live environment's
// gate would judge it next to what is live there, or as a sandbox would next to its latest drafts.
enum status operation_check_target_set(struct operation_check_target *out,
                                       struct environment *environment, struct error *err);

// Opens the environment at `path` for it.
enum status operation_check_target_open(struct operation_check_target *out, const char *path,
                                        struct error *err);

// What is to be asked of the checks for it; points into the target.
struct operation_checks_request
operation_check_target_request(const struct operation_check_target *target);
