// key list: every key that was made, without the keys.
#include "base/memory.h"
#include "operation/operation_keys.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, call->environment->store, err));
    call->output = json_new_array();
    for (size_t i = 0; i < control.key_count; i++)
        operation_keys_describe(json_append_object(call->output), &control.keys[i]);
    return STATUS_OK;
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_key_list = {
    .name = "key list",
    .summary = "list the keys: whose, for what, until when",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
