// The commands that go from a sandbox to a live environment.
#include "remote_road.h"

#include <string.h>

#include "base/memory.h"

// Where each side is. A command runs on one of them, and names the other.
struct road {
    struct arguments *arguments;
    struct remote_step sandbox;
    struct remote_step live;
    struct operation_call sealing; // the seal reads from its sandbox
};

static void release_road(struct road *road)
{
    operation_call_release(&road->sealing);
}

// In the words of the command that was given: nobody asked for a seal.
static enum status not_a_sandbox(const struct road *road, struct error *err)
{
    const struct operation *operation = road->arguments->operation;
    if (road->sandbox.is_main) {
        error_set(err, STATUS_REFUSED, "wrong_class",
                  "%s is a live environment: '%s' is refused there", road->sandbox.environment,
                  operation->name);
        return error_hint(err, "%s", operation->elsewhere);
    }
    error_set(err, STATUS_REFUSED, "wrong_class", "%s is not a sandbox", road->sandbox.environment);
    return error_hint(err, "drafts come from a sandbox: name it with --from, or --env");
}

// The drafts as a seal, in the arguments' call.
static enum status seal(struct road *road, struct error *err)
{
    struct operation_call *call = &road->arguments->call;
    struct json *input OWNED(json_release) = json_new_object();
    const struct json *list = json_get(call->input, "artifacts");
    const char *artifact = json_get_string(call->input, "artifact", NULL);
    if (list)
        json_set(input, "artifacts", json_copy(list));
    else
        json_append_string(json_set_array(input, "artifacts"), artifact);
    road->sealing.actor = call->actor;
    road->sealing.roles = call->roles;
    road->sealing.input = input;
    enum status status = remote_run_step(&road->arguments->remote, operation_find("seal"),
                                         &road->sealing, &road->sandbox, err);
    road->sealing.input = NULL;
    if (status == STATUS_REFUSED && strcmp(err->code, "wrong_class") == 0)
        return not_a_sandbox(road, err);
    TRY(status);
    content_release(&call->content);
    call->content = road->sealing.result;
    road->sealing.result = (struct content) { 0 };
    return STATUS_OK;
}

// On folders, the environment that a command runs on has its say before the other is opened. So
// whoever cannot have the drafts hears first what the live one has to say against being asked at
// all: it is asked without a seal, and what it then misses is nothing against it.
static enum status ask_whether_live(struct road *road, struct error *err)
{
    const struct operation_call *call = &road->arguments->call;
    struct json *input OWNED(json_release) = arguments_input_without(road->arguments, FIELD_OTHER);
    struct operation_call asking OWNED(
        operation_call_release) = { .actor = call->actor, .roles = call->roles, .input = input };
    struct error refusal = { 0 };
    enum status status = remote_run_step(&road->arguments->remote, road->arguments->operation,
                                         &asking, &road->live, &refusal);
    if (status == STATUS_OK || strcmp(refusal.code, "input_missing") == 0)
        return err->status;
    *err = refusal;
    return status;
}

// What the live environment says of the seal.
static enum status ask_live(struct road *road, struct error *err)
{
    return remote_run_step(&road->arguments->remote, road->arguments->operation,
                           &road->arguments->call, &road->live, err);
}

// The live environment does not know where the sandbox is; whoever asked does.
static enum status finish_status(struct road *road, struct error *err)
{
    const struct json *entries = json_get(road->arguments->call.output, "entries");
    for (const struct json *entry = json_first(entries); entry; entry = json_next(entry)) {
        struct buffer text OWNED(buffer_release) = { 0 };
        const char *command = json_get_string(entry, "command", NULL);
        if (!command)
            continue;
        buffer_append_format(&text, "%s --env %s", command, road->sandbox.environment);
        TRY(buffer_check(&text, err));
        json_set_string((struct json *)entry, "command", text.bytes);
    }
    return STATUS_OK;
}

// What was signed for the live environment is kept in the sandbox.
static enum status finish_approve(struct road *road, struct error *err)
{
    struct operation_call *call = &road->arguments->call;
    struct operation_call keeping OWNED(operation_call_release) = { .actor = call->actor,
                                                                    .roles = call->roles };
    struct json *input OWNED(json_release) = json_new_object();
    static const char *const members[] = { "statement", "signature" };
    json_set_string(input, "artifact", json_get_string(call->input, "artifact", ""));
    for (size_t i = 0; i < COUNT_OF(members); i++)
        json_set_string(input, members[i], json_get_string(call->output, members[i], ""));
    keeping.input = input;
    TRY(remote_run_step(&road->arguments->remote, road->arguments->operation, &keeping,
                        &road->sandbox, err));
    json_free(call->output);
    call->output = MOVE(keeping.output);
    return STATUS_OK;
}

// What was signed elsewhere is only kept, and without a key there is nothing to show to anybody.
static bool is_to_be_signed(const struct operation_call *call)
{
    return call->signer && !json_get(call->input, "statement");
}

static const struct {
    const char *operation;
    bool is_main_sandbox; // the environment that it runs on is the sandbox
    enum status (*finish)(struct road *road, struct error *err);
    bool (*crosses)(const struct operation_call *call); // NULL: always
} commands[] = {
    { "promote", false, NULL, NULL },
    { "plan", false, NULL, NULL },
    { "status", true, finish_status, NULL },
    { "approve", true, finish_approve, is_to_be_signed },
};

enum status remote_road_run(struct arguments *arguments, const char *other, struct error *err)
{
    struct road road OWNED(release_road) = { .arguments = arguments };
    struct remote_step main = { .environment = arguments->call.environment_path, .is_main = true };
    struct remote_step beside = { .environment = other };
    size_t i = 0;
    while (i < COUNT_OF(commands) - 1 &&
           strcmp(commands[i].operation, arguments->operation->name) != 0)
        i++;
    if (commands[i].crosses && !commands[i].crosses(&arguments->call))
        return remote_run_step(&arguments->remote, arguments->operation, &arguments->call, &main,
                               err);
    road.sandbox = commands[i].is_main_sandbox ? main : beside;
    road.live = commands[i].is_main_sandbox ? beside : main;
    if (seal(&road, err) != STATUS_OK)
        return road.live.is_main ? ask_whether_live(&road, err) : err->status;
    enum status status = ask_live(&road, err);
    if (status == STATUS_OK && commands[i].finish)
        status = commands[i].finish(&road, err);
    content_release(&arguments->call.content); // it may read from the sandbox, which closes now
    return status;
}
