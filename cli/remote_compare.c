// `environment compare` across machines.
#include "remote_compare.h"

#include "base/memory.h"
#include "remote_http.h"

bool remote_compare_is_needed(const struct arguments *arguments)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++)
        if (field->type == FIELD_SIDE &&
            remote_http_is_url(json_get_string(arguments->input, field->name, NULL)))
            return true;
    return false;
}

// What the environment in that field says of itself, into the content of the call. The folder among
// them is asked as well: then whatever is wrong is told in the order in which they were named.
static enum status fetch(struct arguments *arguments, const struct operation_field *field,
                         struct error *err)
{
    struct operation_call *call = &arguments->call;
    struct json *nothing OWNED(json_release) = json_new_object();
    struct buffer text OWNED(buffer_release) = { 0 };
    struct operation_call asked OWNED(
        operation_call_release) = { .actor = call->actor, .roles = call->roles, .input = nothing };
    const struct remote_step step = {
        .environment = json_get_string(arguments->input, field->name, ""),
    };
    TRY(remote_run_step(&arguments->remote, operation_find("environment show"), &asked, &step,
                        err));
    TRY(json_print(&text, asked.output, err));
    return content_add_bytes(&call->content, field->name, text.bytes, text.length, err);
}

enum status remote_compare_run(struct arguments *arguments, struct error *err)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++)
        if (field->type == FIELD_SIDE)
            TRY(fetch(arguments, field, err));
    TRY(content_seal(&arguments->call.content, err));
    return operation_run(arguments->operation, &arguments->call, err);
}
