// Keeps the index following git: the same function indexes a commit right after it was made, after
// a crash, and when the whole index is rebuilt.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "release/environment.h"

#define DRAFTS_REF "refs/heads/drafts"
#define DRAFT_FILE "draft.json"

// Whether the index has applied the tip of every branch that it follows.
enum status follow_is_current(struct environment *environment, bool *out, struct error *err);

// FOLLOW_RECOVER: commits that another process made and died before its ledger knew are also
// entered into the audit. FOLLOW_OWN: the commit is this process's own, which writes its own audit
// entry.
enum follow_reason { FOLLOW_RECOVER, FOLLOW_OWN };

// Applies every commit since the last one applied; makes release tags' refs that are missing.
// Within a write's frame. STATUS_DAMAGED when a branch was rewritten.
enum status follow_catch_up(struct environment *environment, enum follow_reason reason,
                            struct error *err);
