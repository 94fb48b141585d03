// An environment that a server has judges what is here.
#include "remote_judge.h"

#include "base/memory.h"
#include "remote_http.h"

static const char *find_judge(const struct arguments *arguments)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++)
        if (field->type == FIELD_JUDGE)
            return json_get_string(arguments->input, field->name, NULL);
    return NULL;
}

bool remote_judge_is_named(const struct arguments *arguments)
{
    return find_judge(arguments) != NULL;
}

static enum status judge(void *context, struct operation_call *asked, struct error *err)
{
    struct arguments *arguments = context;
    // GREENROOM_KEY is for --env, where that says something.
    const struct remote_step step = { .environment = find_judge(arguments),
                                      .is_main = arguments->content_path != NULL };
    return remote_run_step(&arguments->remote, operation_find("check"), asked, &step, err);
}

void remote_judge_begin(struct arguments *arguments)
{
    if (!remote_http_is_url(find_judge(arguments)))
        return;
    arguments->call.judge = judge;
    arguments->call.judge_context = arguments;
}

static enum status fetch(struct operation_call *exporting, struct arguments *arguments,
                         const struct remote_step *step, struct error *err)
{
    struct json *input OWNED(json_release) = json_new_object();
    json_set_string(input, "artifact", json_get_string(arguments->input, "subject", ""));
    exporting->input = input;
    enum status status =
        remote_run_step(&arguments->remote, operation_find("export"), exporting, step, err);
    exporting->input = NULL;
    return status;
}

enum status remote_judge_run(struct arguments *arguments, const struct remote_step *step,
                             struct error *err)
{
    struct operation_call *call = &arguments->call;
    struct operation_call exporting OWNED(operation_call_release) = { 0 };
    struct buffer name OWNED(buffer_release) = { 0 };
    TRY(fetch(&exporting, arguments, step, err));
    call->content = exporting.result;
    exporting.result = (struct content) { 0 };
    buffer_append_format(&name, "%s@%lld", json_get_string(exporting.output, "artifact", ""),
                         (long long)json_get_integer(exporting.output, "version", 0));
    TRY(buffer_check(&name, err));
    json_set_string(arguments->input, "subject", name.bytes);
    json_set_string(arguments->input, "path", name.bytes); // it stands alone now
    return operation_run(arguments->operation, call, err);
}
