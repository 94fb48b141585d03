// list: what is here.
#include "base/clock.h"
#include "ledger/index.h"
#include "operation/operation_caller.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/emergency.h"

static enum status add_row(void *context, const struct index_version *row, struct error *err)
{
    struct operation_call *call = context;
    struct error unheard;
    if (operation_caller_covers(call, &row->id, &unheard) != STATUS_OK)
        return STATUS_OK;
    struct json *object = json_append_object(call->output);
    operation_result_set_row(object, row);
    return emergency_describe_row(object, call->environment->ledger, &row->id, clock_now(), err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    call->output = json_new_array();
    return index_each_artifact(call->environment->ledger,
                               json_get_string(call->input, "pattern", NULL), is_live, add_row,
                               call, err);
}

static const struct operation_field fields[] = {
    { "pattern", NULL, "PATTERN",
      "only what matches, e.g. 'prompt/outbound/*'; * stands for any text", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_list = {
    .name = "list",
    .summary = "list the artifacts: the latest drafts of a sandbox, or what is live",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
