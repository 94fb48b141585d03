// quarantine: a release goes out of service, and never comes back.
#include "operation/operation_rows.h"
#include "operation/operation_withdraw.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct withdraw_request request = { .actor = call->actor,
                                        .reason = json_get_string(call->input, "reason", "") };
    struct withdraw_result result;
    TRY(id_parse_version(&request.id, json_get_string(call->input, "artifact", ""), err));
    TRY(withdraw_quarantine(call->environment, &request, call->signer, &call->findings, &result,
                            err));
    return operation_withdraw_output(call, &result, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the release", FIELD_TEXT, true },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, true },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { 0 },
};

const struct operation operation_quarantine = {
    .name = "quarantine",
    .summary = "take a release out of service for ever",
    .roles = ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "in a sandbox nothing is live",
    .writes = true,
    .fields = fields,
    .run = run,
};
