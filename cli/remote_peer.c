// `binding set --peer` across machines.
#include "remote_peer.h"

#include "base/memory.h"

const char *remote_peer_find(const struct arguments *arguments)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++)
        if (field->type == FIELD_PEER)
            return json_get_string(arguments->input, field->name, NULL);
    return NULL;
}

enum status remote_peer_run(struct arguments *arguments, const struct remote_step *step,
                            struct error *err)
{
    struct operation_call *call = &arguments->call;
    struct json *nothing OWNED(json_release) = json_new_object();
    struct json *input OWNED(json_release) = arguments_input_without(arguments, FIELD_PEER);
    struct operation_call describing OWNED(
        operation_call_release) = { .actor = call->actor, .roles = call->roles, .input = nothing };
    const struct remote_step peer = { .environment = remote_peer_find(arguments) };
    const struct remote_step main = { .environment = step->environment, .is_main = true };
    TRY(remote_run_step(&arguments->remote, operation_find("environment describe"), &describing,
                        &peer, err));
    content_release(&call->content); // as on folders, the peer counts more than a seal
    call->content = describing.result;
    describing.result = (struct content) { 0 };
    call->input = input;
    enum status status =
        remote_run_step(&arguments->remote, arguments->operation, call, &main, err);
    call->input = arguments->input;
    content_release(&call->content); // it may read from the peer, which closes now
    return status;
}
