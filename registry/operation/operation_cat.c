// cat: one file of a version.
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *path = json_get_string(call->input, "path", "");
    struct operation_version version OWNED(operation_version_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(operation_version_find(&version, call, json_get_string(call->input, "artifact", ""), err));
    TRY(operation_version_content(&content, call, &version, err));
    const struct content_file *file = content_find(&content, path);
    if (!file) {
        error_set(err, STATUS_NOT_FOUND, "file_unknown", "there is no file '%.300s' in it", path);
        return error_hint(err, "`greenroom show` lists the files");
    }
    TRY(content_view(&view, file, err));
    TRY(content_add_bytes(&call->result, path, view.bytes, view.size_bytes, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &version.row.id, &version.row.digest);
    json_set_string(call->output, "path", path);
    return content_seal(&call->result, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME[@V]", "without @V the latest draft, or what is live", FIELD_TEXT,
      true },
    { "path", NULL, "PATH", "the file's path in the artifact", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_cat = {
    .name = "cat",
    .summary = "print one file of a version",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
