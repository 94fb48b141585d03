// Signatures by a person who is elsewhere.
#include "operation/operation_signing.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_caller.h"
#include "operation/operation_result.h"
#include "trust/base64.h"
#include "trust/hash.h"
#include "trust/ssh_signature.h"

// A release each, the commit of `live`, and room for one more.
#define MAX_SIGNATURES 1002

// One of the row's signers.
struct slot {
    struct live_signer signer;
    struct operation_call *call;
    const char *field;             // "sign-with"
    const struct json *signatures; // as given; NULL: none yet
    size_t used;
    struct json *wanted; // what is still to be signed; NULL: nothing so far
};

struct operation_signing {
    struct slot slots[2];
};

void operation_signing_free(struct operation_signing *signing)
{
    for (size_t i = 0; signing && i < COUNT_OF(signing->slots); i++)
        json_free(signing->slots[i].wanted);
    free(signing);
}

static const char *find_signature(const struct slot *slot, const char *digest)
{
    for (const struct json *item = json_first(slot->signatures); item; item = json_next(item))
        if (strcmp(json_get_string(item, "digest", ""), digest) == 0)
            return json_get_string(item, "signature", NULL);
    return NULL;
}

static enum status want(struct slot *slot, const char *name_space, const char *what,
                        const char *digest, const void *bytes, size_t length, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    base64_append(&text, bytes, length);
    TRY(buffer_check(&text, err));
    if (!slot->wanted)
        slot->wanted = json_new_array();
    struct json *item = json_append_object(slot->wanted);
    json_set_string(item, "namespace", name_space);
    json_set_string(item, "what", what);
    json_set_string(item, "digest", digest);
    json_set_string(item, "bytes", text.bytes);
    return STATUS_OK;
}

// Of a domain of its own, so that a signature for one namespace is never looked up for another.
static enum status digest_of(char out[DIGEST_TEXT_BYTES], const char *name_space, const void *bytes,
                             size_t length, struct error *err)
{
    struct digest digest;
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_text(&text, name_space);
    buffer_append_byte(&text, '\n');
    buffer_append(&text, bytes, length);
    TRY(buffer_check(&text, err));
    TRY(hash_bytes(&digest, text.bytes, text.length, err));
    digest_format(&digest, out);
    return STATUS_OK;
}

static enum status sign(void *context, const char *name_space, const char *what, const void *bytes,
                        size_t length, struct buffer *out, struct error *err)
{
    struct slot *slot = context;
    char digest[DIGEST_TEXT_BYTES];
    TRY(digest_of(digest, name_space, bytes, length, err));
    const char *signature = find_signature(slot, digest);
    if (!signature)
        return want(slot, name_space, what, digest, bytes, length, err);
    struct ssh_key unused; // that the key is an approver's is asked where it matters
    TRY(ssh_signature_verify(&unused, signature, strlen(signature), name_space, bytes, length,
                             err));
    slot->used++;
    buffer_append_text(out, signature);
    return buffer_check(out, err);
}

static enum status settle(void *context, struct error *err)
{
    struct slot *slot = context;
    if (!slot->wanted)
        return STATUS_OK;
    if (slot->used < json_count(slot->signatures)) {
        error_set(err, STATUS_CONFLICT, "state_moved",
                  "something else happened here while this was signed");
        return error_hint(err, "run the command again: what is to be signed is another thing now");
    }
    struct json *answer = json_new_object();
    struct json *item = json_set_object(answer, slot->field);
    operation_result_set_time(item, "time", slot->signer.time);
    json_set(item, "items", MOVE(slot->wanted));
    json_free(slot->call->to_sign);
    slot->call->to_sign = answer;
    error_set(err, STATUS_INVALID, "signature_needed", "this has to be signed first");
    return error_hint(err,
                      "sign each item's bytes with an approver's key and send the same "
                      "request again, with the time and the signatures in '%s'",
                      slot->field);
}

static enum status malformed(const char *field, struct error *err)
{
    error_set(err, STATUS_INVALID, "input_type", "'%s' is not of the form asked for", field);
    return error_hint(err, "send {} to be told what is to be signed, then "
                           "{\"time\":…,\"signatures\":[{\"digest\":…,\"signature\":…}]}");
}

static enum status check_signatures(const struct slot *slot, struct error *err)
{
    if (slot->signatures &&
        (!json_is(slot->signatures, JSON_ARRAY) || json_count(slot->signatures) > MAX_SIGNATURES))
        return malformed(slot->field, err);
    for (const struct json *item = json_first(slot->signatures); item; item = json_next(item)) {
        const char *signature = json_get_string(item, "signature", NULL);
        if (!signature || strlen(signature) > SSH_SIGNATURE_MAX_BYTES ||
            !json_get_string(item, "digest", NULL))
            return malformed(slot->field, err);
    }
    return STATUS_OK;
}

static enum status read_time(struct slot *slot, const char *text, struct error *err)
{
    int64_t now = clock_now();
    slot->signer.time = now;
    if (!text)
        return slot->signatures ? malformed(slot->field, err) : STATUS_OK;
    TRY(clock_parse(&slot->signer.time, text, err));
    if (slot->signer.time <= now && slot->signer.time >= now - OPERATION_SIGNING_SECONDS)
        return STATUS_OK;
    error_set(err, STATUS_CONFLICT, "signature_late",
              "what was to be signed was handed out too long ago");
    return error_hint(err, "run the command again, and sign within %d minutes",
                      OPERATION_SIGNING_SECONDS / 60);
}

static enum status fill(struct slot *slot, struct operation_call *call, const char *field,
                        const struct json *value, struct error *err)
{
    slot->call = call;
    slot->field = field;
    slot->signatures = json_get(value, "signatures");
    slot->signer.sign = sign;
    slot->signer.settle = settle;
    slot->signer.context = slot;
    if (!json_is(value, JSON_OBJECT))
        return malformed(field, err);
    TRY(check_signatures(slot, err));
    return read_time(slot, json_get_string(value, "time", NULL), err);
}

enum status operation_signing_begin(const struct operation *operation, struct operation_call *call,
                                    struct error *err)
{
    TRY(memory_new(&call->caller->signing, 1, sizeof(*call->caller->signing), err));
    struct slot *slots = call->caller->signing->slots;
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        bool is_second = field->type == FIELD_SECOND_SIGNER;
        const struct json *value = json_get(call->input, field->name);
        if (!value || (field->type != FIELD_SIGNER && !is_second))
            continue;
        TRY(fill(&slots[is_second], call, field->name, value, err));
        const struct live_signer **target = is_second ? &call->second_signer : &call->signer;
        *target = &slots[is_second].signer;
    }
    return STATUS_OK;
}
