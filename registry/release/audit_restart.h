// Restarts of the audit: when its ledger is lost, an approver signs that the log begins anew, so
// that from there on git and audit can be held against each other again. The break stays to be seen
// for ever: in git (control: audit-restarts/NNNN.json), in the audit, and as a warning of verify.
#pragma once

#include <stddef.h>

#include "artifact/finding.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/control.h"
#include "release/environment.h"
#include "release/live.h"

// The last restart that counts. Starts as {0}, which is none.
struct audit_restart {
    struct json *document; // audit-restarts/NNNN.json; NULL: there was none
    unsigned number;
};
void audit_restart_release(struct audit_restart *restart);

// Reads the restarts out of the history of `control`: in a live environment only those whose commit
// is signed by somebody who was an approver then. Each becomes a warning (rule "audit.restarted").
enum status audit_restart_read(struct audit_restart *out, struct environment *environment,
                               const struct control *control, struct finding_list *findings,
                               struct error *err);

// The commit of `ref` up to which the audit is not asked for; none: from the beginning.
void audit_restart_tip(const struct audit_restart *restart, const char *ref, struct oid *out);

// Begins the audit anew, within a write's frame: a commit of `control` that names where each branch
// stands and the last row that live names, signed when `signer` is not NULL. The caller has seen
// that rows are lost.
struct audit_restart_request {
    const char *actor;
    const char *reason;
    const struct live_signer *signer;
};
enum status audit_restart_make(struct environment *environment, const struct control *control,
                               const struct audit_restart_request *request, struct json **out,
                               struct error *err);
