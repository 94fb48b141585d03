// environment describe: what an environment says of itself, for another to be held against.
#include "operation/operation_rows.h"
#include "release/seal.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const struct environment_identity *identity = &call->environment->identity;
    TRY(seal_make_side(&call->result, call->environment, err));
    call->output = json_new_object();
    json_set_string(call->output, "environment", identity->id);
    json_set_string(call->output, "name", identity->name);
    json_set_string(call->output, "class", environment_class_word(identity->environment_class));
    return call->output ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = {
    { "out", "-o", "FILE", "the file to write (a tar), or - for standard output", FIELD_OUTPUT,
      true },
    { 0 },
};

const struct operation operation_environment_describe = {
    .name = "environment describe",
    .summary = "write what an environment means and owns, for another to be held against",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR | ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .result_form = RESULT_SEAL,
    .fields = fields,
    .run = run,
};
