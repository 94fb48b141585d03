// watch: checks again whenever something has changed, until it is told to end.
#include "base/memory.h"
#include "operation/operation_checking.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"

// One look, announced. What cannot be looked at right now (half a save, say) is announced, too.
static enum status look(struct operation_call *call, enum status opened, struct error *err)
{
    struct json *output OWNED(json_release) = json_new_object();
    struct error fault = *err;
    enum status status =
        opened == STATUS_OK ? operation_checking_run(call, output, &fault) : opened;
    if (status == STATUS_NO_MEMORY) {
        *err = fault;
        return status;
    }
    if (status != STATUS_OK) {
        json_free(output);
        output = json_new_object();
        operation_result_set_error(output, &fault);
    }
    if (!output)
        return error_no_memory(err);
    call->announce(call->announce_context, output);
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    enum status opened = STATUS_OK;
    bool goes_on = true;
    while (goes_on) {
        TRY(look(call, opened, err));
        content_release(&call->content);
        opened = call->follow(call->follow_context, call, &goes_on, err);
    }
    TRY(opened);
    call->is_refusal = false;
    call->output = json_new_object();
    return call->output ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = {
    { "path", NULL, "PATH", "a folder, or a file with --as", FIELD_CONTENT, true },
    { "as", "--as", "KIND/NAME", "the artifact's name, where PATH has no artifact.json", FIELD_TEXT,
      false },
    { "to", "--to", "DIR", "judge it as this environment would", FIELD_JUDGE, false },
    { 0 },
};

const struct operation operation_watch = {
    .name = "watch",
    .summary = "check a folder again at each change",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .follows = true,
    .fields = fields,
    .run = run,
};
