// The checks, run for an operation.
#pragma once

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "check/check.h"
#include "release/control.h"

// Runs every check of the stage over hashed content. `control`, where there is one, may waive some
// of it. STATUS_REFUSED when a finding is an error.
enum status operation_checks_run(const struct content *content, const struct manifest *manifest,
                                 enum check_stage stage, const struct control *control,
                                 struct finding_list *findings, struct error *err);
