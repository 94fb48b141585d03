// binding set: what a name (crm, lead-webhook) means in this environment.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/bindings.h"
#include "release/control_edit.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *name = json_get_string(call->input, "name", "");
    struct json *bindings OWNED(json_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer subject OWNED(buffer_release) = { 0 };
    TRY(bindings_check_name(name, err));
    TRY(bindings_read(&bindings, call->environment, err));
    TRY(bindings_set(bindings, name, json_get_string(call->input, "value", ""), err));
    TRY(json_print_pretty(&text, bindings, err));
    buffer_append_format(&subject, "binding set: %s", name);
    TRY(buffer_check(&subject, err));
    struct control_edit edit = { "bindings.json", text.bytes };
    struct change_message message = { .operation = "binding set",
                                      .subject = subject.bytes,
                                      .actor = call->actor };
    TRY(control_edit_commit(call->environment, &edit, 1, &message, err));
    call->output = MOVE(bindings);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "name", NULL, "NAME", "e.g. crm, lead-webhook, main-number", FIELD_TEXT, true },
    { "value", NULL, "VALUE", "an endpoint, a number, or the name of a secret (never the secret)",
      FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_binding_set = {
    .name = "binding set",
    .summary = "say what a name means in this environment",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
