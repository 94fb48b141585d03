// Holds the audit against git, which a chain cannot do by itself: rows cut off its end, or an end
// that was cut and grew again, leave a chain that fits.
#pragma once

#include "artifact/finding.h"
#include "base/error.h"
#include "release/environment.h"

// Each commit of our branches has its row, and each row that a commit of `live` names in its
// trailer `Audit:` ("<sequence> <hash>") is there with that hash. What is not becomes a finding
// (rule "audit.cut"): one for the named rows, the first that is gone, and one for each branch. Only
// what came after the last restart of the audit (release/audit_restart.h) is asked for; each
// restart becomes a warning. Rows about commits that no branch has any more become a finding as
// well (rule "audit.taken-back").
enum status audit_anchor_verify(struct environment *environment, struct finding_list *findings,
                                struct error *err);
