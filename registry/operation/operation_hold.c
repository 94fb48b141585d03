// hold: nothing newer of an artifact goes live until the hold is lifted.
#include "base/memory.h"
#include "operation/operation_holds.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *reason = json_get_string(call->input, "reason", "");
    struct artifact_id id;
    struct control control OWNED(control_release) = { 0 };
    char bare[ID_TEXT_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    TRY(id_parse_bare(&id, json_get_string(call->input, "artifact", ""), err));
    id_format_bare(&id, bare);
    json_set_string(document, "artifact", bare);
    json_set_string(document, "actor", call->actor);
    json_set_string(document, "reason", reason);
    TRY(json_print_pretty(&text, document, err));
    TRY(control_read(&control, call->environment->store, err));
    return operation_holds_commit(call, &control, &id, text.bytes, "hold", reason, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME", "the artifact", FIELD_TEXT, true },
    { "reason", "--reason", "TEXT", "why, for those who are stopped by it", FIELD_TEXT, true },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { 0 },
};

const struct operation operation_hold = {
    .name = "hold",
    .summary = "let nothing newer of an artifact go live",
    .roles = ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "in a sandbox nothing is live",
    .writes = true,
    .fields = fields,
    .run = run,
};
