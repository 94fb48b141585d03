// Signatures that a server asks for, made here.
#include "remote_sign.h"

#include <string.h>

#include "base/memory.h"
#include "release/approval.h"
#include "release/attestation.h"
#include "trust/base64.h"

const struct live_signer *remote_sign_with(const struct operation_call *call,
                                           const struct operation_field *field)
{
    if (field->type == FIELD_SIGNER)
        return call->signer;
    return field->type == FIELD_SECOND_SIGNER ? call->second_signer : NULL;
}

// A server may ask for what the operation is about, and for nothing else: a signature for git is no
// approval, and the reverse. What is an approval has to be one of the very draft.
static enum status check_item(const struct operation *operation, const struct operation_call *call,
                              const char *name_space, const struct buffer *bytes, struct error *err)
{
    static const struct {
        const char *operation;
        const char *name_space;
    } rows[] = { { "approve", APPROVAL_NAMESPACE }, { "attest", ATTESTATION_NAMESPACE } };
    const char *expected = "git";
    const char *artifact = json_get_string(call->input, "artifact", "");
    struct json *statement OWNED(json_release) = NULL;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].operation, operation->name) == 0)
            expected = rows[i].name_space;
    bool is_right = strcmp(name_space, expected) == 0;
    if (is_right && strcmp(expected, APPROVAL_NAMESPACE) == 0) {
        TRY(json_parse(&statement, bytes->bytes, bytes->length, err));
        const char *name = json_string(json_at(statement, "/subject/0/name"));
        is_right = name && strcmp(name, artifact) == 0;
    }
    if (is_right)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "signing_refused",
              "the server asks for a signature that '%s' has no use for", operation->name);
    return error_hint(err, "nothing was signed; ask whoever runs that server");
}

static enum status sign_item(struct json *list, const struct live_signer *signer,
                             const struct json *item, const struct operation *operation,
                             const struct operation_call *call, struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    const char *text = json_get_string(item, "bytes", "");
    const char *name_space = json_get_string(item, "namespace", "");
    if (!base64_decode(&bytes, text, strlen(text)))
        return error_set(err, STATUS_IO, "answer_unknown", "the server's answer is not base64");
    TRY(buffer_check(&bytes, err));
    TRY(check_item(operation, call, name_space, &bytes, err));
    TRY(signer->sign(signer->context, name_space, json_get_string(item, "what", ""),
                     buffer_text(&bytes), bytes.length, &signature, err));
    struct json *signed_item = json_append_object(list);
    json_set_string(signed_item, "digest", json_get_string(item, "digest", ""));
    json_set_string(signed_item, "signature", buffer_text(&signature));
    return STATUS_OK;
}

static enum status sign_field(struct json *input, const char *name,
                              const struct live_signer *signer, const struct operation *operation,
                              const struct operation_call *call, struct error *err)
{
    const struct json *asked = json_get(call->to_sign, name);
    struct json *given = (struct json *)json_get(input, name);
    if (!asked || !given)
        return STATUS_OK;
    json_set_string(given, "time", json_get_string(asked, "time", ""));
    if (!json_get(given, "signatures"))
        json_set_array(given, "signatures");
    struct json *list = (struct json *)json_get(given, "signatures");
    for (const struct json *item = json_first(json_get(asked, "items")); item;
         item = json_next(item))
        TRY(sign_item(list, signer, item, operation, call, err));
    return STATUS_OK;
}

enum status remote_sign_items(struct json *input, const struct operation *operation,
                              const struct operation_call *call, struct error *err)
{
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        const struct live_signer *signer = remote_sign_with(call, field);
        if (signer)
            TRY(sign_field(input, field->name, signer, operation, call, err));
    }
    return STATUS_OK;
}

void remote_sign_forget(struct json *input, const struct operation *operation,
                        const struct operation_call *call)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (remote_sign_with(call, field))
            json_set_object(input, field->name);
}
