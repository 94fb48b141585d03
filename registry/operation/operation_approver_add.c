// approver add: somebody may sign from now on.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_approvers.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *name = json_get_string(call->input, "name", "");
    struct control control OWNED(control_release) = { 0 };
    struct ssh_key key;
    TRY(ssh_key_parse(&key, json_get_string(call->input, "key", ""), err));
    TRY(control_read(&control, call->environment->store, err));
    TRY(allowed_signers_add(&control.approvers, name, &key, err));
    TRY(operation_approvers_commit(call, &control.approvers, "approver add", name, err));
    call->output = json_new_object();
    return operation_approvers_describe(call->output,
                                        &control.approvers.items[control.approvers.count - 1], err);
}

static const struct operation_field fields[] = {
    { "name", NULL, "NAME", "who it is, one word, e.g. an e-mail address", FIELD_TEXT, true },
    { "key", NULL, "PUBKEY-FILE", "their SSH public key, e.g. id_ed25519.pub", FIELD_FILE, true },
    OPERATION_APPROVERS_SIGNER,
    { 0 },
};

const struct operation operation_approver_add = {
    .name = "approver add",
    .summary = "let somebody sign promotions",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
