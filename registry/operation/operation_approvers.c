// What the approver operations share.
#include "operation/operation_approvers.h"

#include "base/memory.h"
#include "operation/operation_result.h"
#include "release/control_edit.h"

enum status operation_approvers_commit(struct operation_call *call,
                                       const struct allowed_signers *approvers,
                                       const char *operation, const char *name, struct error *err)
{
    struct control in_force OWNED(control_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer subject OWNED(buffer_release) = { 0 };
    TRY(allowed_signers_print(&text, approvers, err));
    buffer_append_format(&subject, "%s: %s", operation, name);
    TRY(buffer_check(&subject, err));
    struct control_edit edit = { "approvers", buffer_text(&text) };
    struct change_message message = { .operation = operation,
                                      .subject = subject.bytes,
                                      .actor = call->actor };
    if (!call->signer)
        return control_edit_commit(call->environment, &edit, 1, &message, err);
    TRY(control_read(&in_force, call->environment->store, err));
    return control_edit_signed(call->environment, &in_force, &edit, 1, &message, call->signer, err);
}

enum status operation_approvers_describe(struct json *object, const struct allowed_signer *signer,
                                         struct error *err)
{
    char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
    char *key OWNED(memory_release) = NULL;
    ssh_key_fingerprint(signer->key, fingerprint);
    TRY(ssh_key_format(&key, signer->key, err));
    json_set_string(object, "name", signer->name);
    json_set_string(object, "key", key);
    json_set_string(object, "fingerprint", fingerprint);
    if (signer->valid_before != INT64_MAX)
        operation_result_set_time(object, "valid_before", signer->valid_before);
    return STATUS_OK;
}
