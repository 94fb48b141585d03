// approve: an approver's signature over exactly what would go live, where, instead of what.
//
// Where sandbox and live environment are on one machine it is one step. Otherwise it is two: the
// live environment, which is sent the draft as a seal, says what is to be signed and judges the
// signature; then the sandbox is sent the statement and its signature, and keeps them.
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_approval.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_target.h"

static void free_target(void *state)
{
    operation_target_release(state);
    free(state);
}

static enum status missing(const char *what, struct error *err)
{
    error_set(err, STATUS_INVALID, "input_missing", "%s is missing", what);
    return error_hint(err, "name the live environment with --to and your key with --sign-with, or "
                           "bring what was signed elsewhere with --statement and --signature");
}

// What is approved is read before the sandbox is locked, and shown before anybody signs.
static enum status prepare(struct operation_call *call, struct error *err)
{
    struct operation_target *target = NULL;
    struct json *changes OWNED(json_release) = json_new_object();
    TRY(operation_open(call, err));
    if (json_get(call->input, "statement"))
        return STATUS_OK;
    if (!call->signer)
        return missing("--sign-with", err);
    if (!json_get(call->input, "to") && call->content.count == 0)
        return missing("--to", err);
    TRY(memory_new(&target, 1, sizeof(*target), err));
    call->state = target;
    call->free_state = free_target;
    TRY(operation_target_open(target, call, err));
    TRY(operation_target_changes(changes, target, err));
    if (call->announce)
        call->announce(call->announce_context, changes);
    return STATUS_OK;
}

static enum status sign(struct operation_approval *out, const struct operation_target *target,
                        const struct live_signer *signer, struct error *err)
{
    char id[ID_TEXT_BYTES];
    int64_t now = live_signer_time(signer);
    out->id = target->draft->id;
    out->digest = target->draft->digest;
    out->expires = now + approval_valid_seconds(target->control.policy);
    id_format(&out->id, id);
    TRY(approval_print(&out->text, &target->subject, now, out->expires, err));
    TRY(live_signer_sign(signer, APPROVAL_NAMESPACE, id, &out->text, &out->signature, err));
    return operation_approval_check(out, target, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_target *target = call->state;
    struct operation_approval approval OWNED(operation_approval_release) = { 0 };
    bool is_sandbox = call->environment->identity.environment_class == ENVIRONMENT_SANDBOX;
    if (target)
        TRY(sign(&approval, target, call->signer, err));
    else
        TRY(operation_approval_read(&approval, call, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &approval.id, &approval.digest);
    if (is_sandbox) {
        TRY(operation_approval_keep(call, &approval, err));
    } else {
        json_set_string(call->output, "statement", buffer_text(&approval.text));
        json_set_string(call->output, "signature", buffer_text(&approval.signature));
    }
    operation_result_set_time(call->output, "expires", approval.expires);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, true },
    { "to", "--to", "DIR", "the live environment that it is meant for", FIELD_OTHER, false },
    { "sign-with", "--sign-with", "SSH-KEY", "your approver's key", FIELD_SIGNER, false },
    { "statement", "--statement", "FILE",
      "keep an approval that was signed elsewhere: its statement", FIELD_FILE, false },
    { "signature", "--signature", "FILE", "and its signature", FIELD_FILE, false },
    { 0 },
};

const struct operation operation_approve = {
    .name = "approve",
    .summary = "approve a draft for a live environment, after seeing what would change",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .classes_with_seal = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere =
        "evidence is gathered in the sandbox: name it with --env, and the target with --to",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
