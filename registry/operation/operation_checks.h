// The checks, run for an operation.
#pragma once

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "check/check.h"
#include "release/control.h"

// What an artifact is checked for. Everything is borrowed.
struct operation_checks_request {
    enum check_stage stage;
    bool is_sandbox;
    const struct check_world *world;
    const struct control *control; // may waive some of it; NULL: nothing is waived
    struct check_kit *kit;
};

// Runs every check of the stage over hashed content. STATUS_REFUSED when a finding is an error.
enum status operation_checks_run(const struct content *content, const struct manifest *manifest,
                                 const struct operation_checks_request *request,
                                 struct finding_list *findings, struct error *err);
