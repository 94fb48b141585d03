// Waivers: somebody reviewed what a check found in an artifact, and lets it pass: by rule and file,
// with a reason and an end. They stand as waivers/<kind>/<name>/<number>.json on the branch
// `control`.
#pragma once

#include <stdint.h>

#include "artifact/finding.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/control.h"

// Makes notes of the errors from `first` on that a waiver of the artifact is about at `now`, and
// says by whom. Rules of the manifest and of the schemas cannot be waived: what they refuse cannot
// be used.
enum status waiver_apply(const struct control *control, const struct artifact_id *id, int64_t now,
                         struct finding_list *findings, size_t first, struct error *err);

// Whether findings of such a rule may be waived at all. STATUS_INVALID otherwise.
enum status waiver_check_rule(const char *rule, struct error *err);
