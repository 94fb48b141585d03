// What the key operations share.
#include "operation/operation_keys.h"

#include "base/memory.h"
#include "operation/operation_result.h"
#include "release/control_edit.h"

enum status operation_keys_commit(struct operation_call *call, const struct control_key *key,
                                  const char *operation, struct error *err)
{
    struct control_edit edit;
    char *path OWNED(memory_release) = NULL;
    char *text OWNED(memory_release) = NULL;
    struct buffer subject OWNED(buffer_release) = { 0 };
    buffer_append_format(&subject, "%s: %s for %s", operation, key->id, key->owner);
    TRY(buffer_check(&subject, err));
    TRY(control_edit_key(&edit, &path, &text, key, err));
    struct change_message message = { .operation = operation,
                                      .subject = subject.bytes,
                                      .actor = call->actor };
    return control_edit_commit(call->environment, &edit, 1, &message, err);
}

void operation_keys_describe(struct json *object, const struct control_key *key)
{
    json_set_string(object, "id", key->id);
    json_set_string(object, "role", control_key_role_word(key->role));
    json_set_string(object, "owner", key->owner);
    struct json *scopes = json_set_array(object, "scopes");
    for (size_t i = 0; i < key->scope_count; i++)
        json_append_string(scopes, key->scopes[i]);
    operation_result_set_time(object, "created", key->created);
    if (key->expires != INT64_MAX)
        operation_result_set_time(object, "expires", key->expires);
    if (key->revoked != INT64_MAX)
        operation_result_set_time(object, "revoked", key->revoked);
}
