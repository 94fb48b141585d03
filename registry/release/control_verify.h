// Proof that the branch `control` of a live environment was changed by who may: what decides about
// what is live carries an approver's signature.
#pragma once

#include "artifact/finding.h"
#include "base/error.h"
#include "release/control.h"
#include "release/environment.h"

// Walks all commits of the branch. One that changes the policy, holds, quarantine, waivers or the
// audit's restarts, and is not signed by somebody who was an approver then, becomes an error (rule
// "verify.control-commit"), and so does a signature that does not hold on any other. One that
// changes who may sign without such a signature becomes a warning (rule "verify.approvers"), unless
// nobody could have signed it. Nothing is asked of a sandbox: nothing is live in it.
enum status control_verify(struct environment *environment, const struct control *control,
                           struct finding_list *findings, struct error *err);
