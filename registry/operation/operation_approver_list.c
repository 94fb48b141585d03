// approver list: who may sign, and who once might.
#include "base/memory.h"
#include "operation/operation_approvers.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, call->environment->store, err));
    call->output = json_new_array();
    for (size_t i = 0; i < control.approvers.count; i++)
        TRY(operation_approvers_describe(json_append_object(call->output),
                                         &control.approvers.items[i], err));
    return STATUS_OK;
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_approver_list = {
    .name = "approver list",
    .summary = "list who may sign, and who once might",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
