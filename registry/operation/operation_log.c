// log: an artifact's versions, newest first.
#include "base/clock.h"
#include "ledger/index.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/emergency.h"

static enum status add_row(void *context, const struct index_version *row, struct error *err)
{
    struct operation_call *call = context;
    struct json *object = json_append_object(call->output);
    operation_result_set_row(object, row);
    return emergency_describe_row(object, call->environment->ledger, &row->id, clock_now(), err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *text = json_get_string(call->input, "artifact", "");
    struct artifact_id id;
    TRY(id_parse_bare(&id, text, err));
    call->output = json_new_array();
    TRY(index_each_version(call->environment->ledger, &id, add_row, call, err));
    if (json_count(call->output) > 0)
        return STATUS_OK;
    error_set(err, STATUS_NOT_FOUND, "artifact_unknown", "%s is not in %s", text,
              call->environment->label);
    return error_hint(err, "`greenroom list` shows what is there");
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME", "the artifact", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_log = {
    .name = "log",
    .summary = "list the versions of one artifact, newest first",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
