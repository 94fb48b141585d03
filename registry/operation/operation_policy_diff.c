// policy diff: what a policy file would change.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/control.h"
#include "release/policy.h"
#include "store/text_diff.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *text = json_get_string(call->input, "policy", "");
    struct control control OWNED(control_release) = { 0 };
    struct json *policy OWNED(json_release) = NULL;
    struct buffer before OWNED(buffer_release) = { 0 };
    struct buffer after OWNED(buffer_release) = { 0 };
    struct buffer patch OWNED(buffer_release) = { 0 };
    TRY(policy_parse(&policy, text, strlen(text), &call->findings, err));
    TRY(control_read(&control, call->environment->store, err));
    TRY(json_print_pretty(&before, control.policy, err));
    TRY(json_print_pretty(&after, policy, err));
    TRY(text_diff_append(&patch, "policy.json", before.bytes, before.length, after.bytes,
                         after.length, err));
    call->output = json_new_object();
    json_set_string(call->output, "patch", buffer_text(&patch));
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "policy", NULL, "FILE", "the policy to compare with", FIELD_FILE, true },
    { 0 },
};

const struct operation operation_policy_diff = {
    .name = "policy diff",
    .summary = "show what a policy file would change",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
