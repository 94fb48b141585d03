// Restoring: an environment made again from a backup, and what it may have forgotten.
//
// A backup is older than what it replaces: keys that were revoked since are valid in it, releases
// that were quarantined since are not. So whoever restores names the last entry of the audit that
// is known from elsewhere. A backup that has it has forgotten nothing up to there. One that has not
// is restored only with a reason, and then every key in it is revoked: nobody is served until an
// operator has looked and made new ones. Either way control has a commit that says so.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/content.h"
#include "artifact/finding.h"
#include "base/error.h"
#include "release/backup.h"
#include "release/environment.h"

#define RESTORE_FILE "restored.json" // on the branch `control`

struct restore_plan {
    const char *actor;
    const char *expected_head; // NULL: nobody knows one
    const char *accept_loss;   // the reason; NULL: nothing may be missing
};

struct restore_outcome {
    struct backup backup;
    bool has_loss; // something may be missing
    size_t keys_revoked;
    struct backup_head head; // of the restored environment
};

// Makes the environment at `path`, where nothing may be: whole and verified, or not at all.
// STATUS_REFUSED, code "restore_unanchored" (no head, no reason) or "restore_behind" (the backup
// lacks that entry). STATUS_DAMAGED when it does not verify; then the findings say why.
enum status restore_make(const char *path, const struct content *content,
                         const struct restore_plan *plan, struct restore_outcome *out,
                         struct finding_list *findings, struct error *err);

// A warning for `verify` when the environment was restored with a loss.
enum status restore_tell(struct environment *environment, struct finding_list *findings,
                         struct error *err);
