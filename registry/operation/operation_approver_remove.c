// approver remove: somebody may no longer sign; what they signed stays valid.
#include "base/memory.h"
#include "operation/operation_approvers.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *name = json_get_string(call->input, "name", "");
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, call->environment->store, err));
    // To the end of this second: a release signed in it stays valid (the gate looks a second
    // ahead).
    TRY(allowed_signers_end(&control.approvers, name, live_signer_time(call->signer) + 1, err));
    TRY(operation_approvers_commit(call, &control.approvers, "approver remove", name, err));
    call->output = json_new_object();
    json_set_string(call->output, "name", name);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "name", NULL, "NAME", "as `greenroom approver list` shows it", FIELD_TEXT, true },
    OPERATION_APPROVERS_SIGNER,
    { 0 },
};

const struct operation operation_approver_remove = {
    .name = "approver remove",
    .summary = "let somebody sign no longer; what they signed stays valid",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
