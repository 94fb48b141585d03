// show: one version: who made it, when, and its files.
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_version version OWNED(operation_version_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    TRY(operation_version_find(&version, call, json_get_string(call->input, "artifact", ""), err));
    TRY(operation_version_content(&content, call, &version, err));
    call->output = json_new_object();
    operation_result_set_row(call->output, &version.row);
    operation_result_set_files(call->output, &content);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME[@V]", "without @V the latest draft, or what is live", FIELD_TEXT,
      true },
    { 0 },
};

const struct operation operation_show = {
    .name = "show",
    .summary = "show one version: who made it, when, its digest and files",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
