// binding list: what the names mean in this environment.
#include "operation/operation_rows.h"
#include "release/bindings.h"

static enum status run(struct operation_call *call, struct error *err)
{
    return bindings_read(&call->output, call->environment, err);
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_binding_list = {
    .name = "binding list",
    .summary = "list what names mean in this environment",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
