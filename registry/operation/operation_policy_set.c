// policy set: what a promotion needs is changed; never back to what it once was.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/boundary.h"
#include "release/control.h"
#include "release/control_edit.h"
#include "release/policy.h"

static enum status check_number(const struct control *control, const struct json *policy,
                                struct error *err)
{
    int64_t old_number = json_get_integer(control->policy, "number", 0);
    int64_t new_number = json_get_integer(policy, "number", 0);
    if (new_number > old_number)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "policy_not_newer",
              "the policy's number is %lld, and %lld is in force: it only rises",
              (long long)new_number, (long long)old_number);
    return error_hint(err,
                      "give it the number %lld, once you have made sure that it is not an older "
                      "policy coming back",
                      (long long)old_number + 1);
}

// A policy that calls foreign what is bound already would be believed, and the binding go on.
static enum status check_bindings(struct operation_call *call, const struct control *control,
                                  const struct json *policy, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = "policy.zone",
                                   .file = "policy.json",
                                   .mend = "first bind the name to something of this environment" };
    for (const struct json *binding = json_first(control->bindings); binding;
         binding = json_next(binding)) {
        struct buffer fault OWNED(buffer_release) = { 0 };
        TRY(boundary_find_fault(&fault, policy, NULL, json_string(binding), err));
        if (fault.length > 0)
            TRY(finding_add(&call->findings, &draft, err, "the binding '%s' means %.300s: %s",
                            json_key(binding), json_string(binding), fault.bytes));
    }
    if (!finding_has_errors(&call->findings))
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "policy_invalid", "this policy does not fit the bindings");
    return error_hint(err, "each finding says what is wrong where");
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *text = json_get_string(call->input, "policy", "");
    struct control control OWNED(control_release) = { 0 };
    struct json *policy OWNED(json_release) = NULL;
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    TRY(policy_parse(&policy, text, strlen(text), &call->findings, err));
    TRY(control_read(&control, call->environment->store, err));
    TRY(check_number(&control, policy, err));
    TRY(check_bindings(call, &control, policy, err));
    if (is_live && !call->signer) {
        error_set(err, STATUS_INVALID, "signature_missing",
                  "the policy of a live environment is changed with a signature");
        return error_hint(err, "name an approver's key with --sign-with");
    }
    struct control_edit edit = { "policy.json", text };
    struct change_message message = { .operation = "policy set",
                                      .subject = "policy set",
                                      .actor = call->actor,
                                      .reason = json_get_string(call->input, "reason", NULL) };
    TRY(control_edit_signed(call->environment, &control, &edit, 1, &message, call->signer, err));
    call->output = json_copy(policy);
    return call->output ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = {
    { "policy", NULL, "FILE", "the policy (schema/policy.schema.json says its form)", FIELD_FILE,
      true },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, false },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key; required in a live environment",
      FIELD_SIGNER, false },
    { 0 },
};

const struct operation operation_policy_set = {
    .name = "policy set",
    .summary = "change what a promotion needs",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
