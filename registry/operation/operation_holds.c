// What hold and lift share.
#include "operation/operation_holds.h"

#include "base/memory.h"
#include "release/control_edit.h"

enum status operation_holds_commit(struct operation_call *call, const struct control *control,
                                   const struct artifact_id *id, const char *text,
                                   const char *operation, const char *reason, struct error *err)
{
    char bare[ID_TEXT_BYTES];
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer subject OWNED(buffer_release) = { 0 };
    id_format_bare(id, bare);
    buffer_append_format(&path, "holds/%s.json", bare);
    buffer_append_format(&subject, "%s: %s", operation, bare);
    TRY(buffer_check(&path, err));
    TRY(buffer_check(&subject, err));
    struct control_edit edit = { path.bytes, text };
    struct change_message_item about = { .id = *id };
    struct change_message message = { .operation = operation,
                                      .subject = subject.bytes,
                                      .items = &about,
                                      .count = 1,
                                      .actor = call->actor,
                                      .reason = reason };
    TRY(control_edit_signed(call->environment, control, &edit, 1, &message, call->signer, err));
    call->output = json_new_object();
    json_set_string(call->output, "artifact", bare);
    json_set_bool(call->output, "held", text != NULL);
    return STATUS_OK;
}
