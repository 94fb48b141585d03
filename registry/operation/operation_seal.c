// seal: drafts and their evidence as one file, to be carried to production.
#include "archive/archive_writer.h"
#include "base/memory.h"
#include "operation/operation_input.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/seal.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct artifact_id *ids OWNED(memory_release) = NULL;
    struct seal seal OWNED(seal_release) = { 0 };
    size_t count;
    TRY(operation_input_versions(&ids, &count, call, "artifacts", err));
    TRY(seal_make(&call->result, call->environment, ids, count, err));
    TRY(seal_open(&seal, &call->result, err)); // what could not be admitted is not sealed
    call->output = json_new_object();
    struct json *artifacts = json_set_array(call->output, "artifacts");
    for (size_t i = 0; i < seal.count; i++)
        operation_result_set_version(json_append_object(artifacts), &seal.items[i].id,
                                     &seal.items[i].digest);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifacts", NULL, "KIND/NAME@V", "the drafts", FIELD_LIST, true },
    { "out", "-o", "FILE", "the file to write (a tar), or - for standard output", FIELD_OUTPUT,
      true },
    { 0 },
};

const struct operation operation_seal = {
    .name = "seal",
    .summary = "write drafts and their evidence as one file for production",
    .roles = ROLE_AUTHOR | ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .is_scoped = true,
    .elsewhere = "drafts come from a sandbox: name it with --env",
    .result_form = RESULT_SEAL,
    .fields = fields,
    .run = run,
};
