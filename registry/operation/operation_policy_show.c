// policy show: what a promotion into this environment needs.
#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/control.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, call->environment->store, err));
    call->output = json_copy(control.policy);
    return call->output ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_policy_show = {
    .name = "policy show",
    .summary = "show what a promotion into this environment needs",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
