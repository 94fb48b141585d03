// lift: ends a hold.
#include "base/memory.h"
#include "operation/operation_holds.h"
#include "operation/operation_rows.h"
#include "release/control.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *text = json_get_string(call->input, "artifact", "");
    struct artifact_id id;
    struct control control OWNED(control_release) = { 0 };
    TRY(id_parse_bare(&id, text, err));
    TRY(control_read(&control, call->environment->store, err));
    if (!control_find_hold(&control, &id))
        return error_set(err, STATUS_NOT_FOUND, "hold_unknown", "%s is not on hold", text);
    return operation_holds_commit(call, &control, &id, NULL, "lift",
                                  json_get_string(call->input, "reason", NULL), err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME", "the artifact", FIELD_TEXT, true },
    { "reason", "--reason", "TEXT", "why it may go on", FIELD_TEXT, false },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { 0 },
};

const struct operation operation_lift = {
    .name = "lift",
    .summary = "end the hold on an artifact",
    .roles = ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "in a sandbox nothing is live",
    .writes = true,
    .fields = fields,
    .run = run,
};
