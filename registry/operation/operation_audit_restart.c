// audit restart: after its ledger was lost, the audit begins anew, and says so for ever.
#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/audit_anchor.h"
#include "release/audit_log.h"
#include "release/audit_restart.h"

// Only a loss is a reason: rows that are there but were changed have to be moved away first, so
// that whoever looks later can compare them with a backup.
static enum status check_loss(struct operation_call *call, struct error *err)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    int64_t count;
    TRY(audit_log_verify(call->environment, &findings, &count, err));
    if (finding_has_errors(&findings)) {
        error_set(err, STATUS_REFUSED, "audit_damaged",
                  "the audit holds rows that were changed: %s", findings.items[0].message);
        return error_hint(err, "restore ledger.db from a backup; if there is none, move the file "
                               "away and keep it, and run this again");
    }
    TRY(audit_anchor_verify(call->environment, &findings, err));
    if (finding_has_errors(&findings))
        return STATUS_OK;
    return error_set(err, STATUS_REFUSED, "audit_whole", "the audit lacks no row");
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    struct audit_restart_request request = { .actor = call->actor,
                                             .reason = json_get_string(call->input, "reason", ""),
                                             .signer = call->signer };
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    if (is_live && !call->signer) {
        error_set(err, STATUS_INVALID, "signature_missing",
                  "the audit of a live environment begins anew with a signature");
        return error_hint(err, "name an approver's key with --sign-with");
    }
    TRY(check_loss(call, err));
    TRY(control_read(&control, call->environment->store, err));
    return audit_restart_make(call->environment, &control, &request, &call->output, err);
}

static const struct operation_field fields[] = {
    { "reason", "--reason", "TEXT", "how the rows were lost", FIELD_TEXT, true },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key; required in a live environment",
      FIELD_SIGNER, false },
    { 0 },
};

const struct operation operation_audit_restart = {
    .name = "audit restart",
    .summary = "begin the audit anew after its ledger was lost; the break stays to be seen",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
