// rollback: back to an earlier release.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_withdraw.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct withdraw_request request = { .actor = call->actor,
                                        .reason = json_get_string(call->input, "reason", "") };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct withdraw_result result;
    const char *to = json_get_string(call->input, "to", NULL);
    TRY(id_parse_bare(&request.id, json_get_string(call->input, "artifact", ""), err));
    if (to) {
        buffer_append_format(&text, "%s@%s", json_get_string(call->input, "artifact", ""),
                             to[0] == '@' ? to + 1 : to);
        TRY(buffer_check(&text, err));
        TRY(id_parse_version(&request.id, text.bytes, err));
    }
    TRY(withdraw_rollback(call->environment, &request, call->signer, &call->findings, &result,
                          err));
    return operation_withdraw_output(call, &result, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME", "the artifact", FIELD_TEXT, true },
    { "to", "--to", "V", "the release to go back to (default: the one before)", FIELD_TEXT, false },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, true },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { 0 },
};

const struct operation operation_rollback = {
    .name = "rollback",
    .summary = "go back to an earlier release at once",
    .roles = ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "in a sandbox nothing is live; publish the older content again instead",
    .writes = true,
    .fields = fields,
    .run = run,
};
