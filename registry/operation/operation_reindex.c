// reindex: the index is made again from git alone.
#include "ledger/index.h"
#include "operation/operation_rows.h"
#include "release/follow.h"

static enum status count_row(void *context, const struct index_version *row, struct error *err)
{
    (void)row, (void)err;
    ++*(int64_t *)context;
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    int64_t artifacts = 0;
    TRY(index_clear(call->environment->ledger, err));
    TRY(follow_catch_up(call->environment, FOLLOW_RECOVER, err));
    TRY(index_each_artifact(call->environment->ledger, NULL, false, count_row, &artifacts, err));
    call->output = json_new_object();
    json_set_integer(call->output, "artifacts", artifacts);
    return STATUS_OK;
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_reindex = {
    .name = "reindex",
    .summary = "make the index again from git",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
