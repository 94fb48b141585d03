// approve: an approver's signature over exactly what would go live, where, instead of what.
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_target.h"

// The target is read before the sandbox is locked, and shown before anybody signs.
static void free_target(void *state)
{
    operation_target_release(state);
    free(state);
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct operation_target *target = NULL;
    struct json *changes OWNED(json_release) = json_new_object();
    TRY(memory_new(&target, 1, sizeof(*target), err));
    call->state = target;
    call->free_state = free_target;
    TRY(environment_open(&call->environment, call->environment_path, err));
    TRY(operation_target_open(target, call, err));
    TRY(operation_target_changes(changes, target, err));
    if (call->announce)
        call->announce(changes);
    return STATUS_OK;
}

// What would not count is not kept: the approver hears it now.
static enum status check(const struct operation_target *target, const struct buffer *text,
                         const struct buffer *signature, struct error *err)
{
    struct approval_verdict verdict;
    struct evidence none = { 0 };
    char name[] = "approval";
    struct evidence_record record = { .type = EVIDENCE_APPROVAL,
                                      .name = name,
                                      .text = text->bytes,
                                      .text_bytes = text->length,
                                      .signature = signature->bytes };
    struct json *document OWNED(json_release) = NULL;
    TRY(json_parse(&document, text->bytes, text->length, err));
    record.document = document;
    approval_judge(&verdict, &target->control, &target->subject, &none, &record, clock_now());
    if (verdict.counts)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "approval_void", "this approval would not count: %s",
              verdict.reason);
    return error_hint(err, "`greenroom approver list --env %s` shows who may approve",
                      target->environment->path);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_target *target = call->state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    char name[EVIDENCE_NAME_BYTES];
    char folder[ID_TEXT_BYTES];
    char id[ID_TEXT_BYTES];
    int64_t now = clock_now();
    int64_t expires = now + approval_valid_seconds(target->control.policy);
    id_format(&target->draft.id, id);
    TRY(approval_print(&text, &target->subject, now, expires, err));
    TRY(call->signer->sign(call->signer->context, APPROVAL_NAMESPACE, id, text.bytes, text.length,
                           &signature, err));
    TRY(check(target, &text, &signature, err));
    evidence_folder(&target->draft.id, folder);
    struct change_message_item about = { target->draft.id, target->draft.digest };
    struct change_message message = {
        .operation = "approve", .items = &about, .count = 1, .actor = call->actor
    };
    struct evidence_addition addition = { .folder = folder,
                                          .type = EVIDENCE_APPROVAL,
                                          .text = text.bytes,
                                          .signature = signature.bytes,
                                          .message = &message };
    TRY(evidence_add(call->environment, &addition, name, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &target->draft.id, &target->draft.digest);
    json_set_string(call->output, "record", name);
    operation_result_set_time(call->output, "expires", expires);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, true },
    { "to", "--to", "DIR", "the live environment that it is meant for", FIELD_TEXT, true },
    { "sign-with", "--sign-with", "SSH-KEY", "your approver's key", FIELD_SIGNER, true },
    { 0 },
};

const struct operation operation_approve = {
    .name = "approve",
    .summary = "approve a draft for a live environment, after seeing what would change",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .elsewhere =
        "evidence is gathered in the sandbox: name it with --env, and the target with --to",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
