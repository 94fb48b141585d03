// export: a version's files, as a folder or an archive.
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_version version OWNED(operation_version_release) = { 0 };
    TRY(operation_version_find(&version, call, json_get_string(call->input, "artifact", ""), err));
    TRY(operation_version_content(&call->result, call, &version, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &version.row.id, &version.row.digest);
    operation_result_set_files(call->output, &call->result);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME[@V]", "without @V the latest draft, or what is live", FIELD_TEXT,
      true },
    { "out", NULL, "OUT", "a new folder, .tar.gz, .tar.zst, .zip, or - for standard output",
      FIELD_OUTPUT, true },
    { 0 },
};

const struct operation operation_export = {
    .name = "export",
    .summary = "write a version's files to a folder or an archive",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
