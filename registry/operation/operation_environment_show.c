// environment show: what an environment means and owns, who may sign, and which keys there are.
#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/description.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, call->environment->store, err));
    return description_make(&call->output, &call->environment->identity, &control, err);
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_environment_show = {
    .name = "environment show",
    .summary = "show what an environment means and owns, who may sign, and its keys",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR | ROLE_APPROVER, // of what is compared, and its digests
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
