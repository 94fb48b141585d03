// A request that carries a key of its own.
#include "operation/operation_request.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ledger/request.h"
#include "operation/operation_caller.h"
#include "operation/operation_validate.h"
#include "release/request_note.h"
#include "trust/hash.h"

// The input without what differs from try to try.
static enum status append_input(struct buffer *out, const struct operation *operation,
                                const struct operation_call *call, struct error *err)
{
    struct json *input OWNED(json_release) = json_new_object();
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        const struct json *value = json_get(call->input, field->name);
        if (value && operation_validate_shape(operation, field, true) != SHAPE_SIGNATURES)
            json_set(input, field->name, json_copy(value));
    }
    return json_print_canonical(out, input, err);
}

enum status operation_request_begin(const struct operation *operation, struct operation_call *call,
                                    struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct digest content;
    char digest[DIGEST_TEXT_BYTES] = "";
    if (!operation->writes)
        return STATUS_OK;
    if (call->content.count > 0) {
        TRY(hash_content(&content, &call->content, err));
        digest_format(&content, digest);
    }
    buffer_append_format(&text, "%s\n%s\n", operation->name, digest);
    TRY(append_input(&text, operation, call, err));
    return hash_bytes(&call->request_input, text.bytes, text.length, err);
}

static enum status append_key(struct buffer *out, const struct operation_call *call,
                              struct error *err)
{
    buffer_append_format(out, "%s %s", call->caller->key->id, call->request_key);
    return buffer_check(out, err);
}

enum status operation_request_find(const struct operation *operation, struct operation_call *call,
                                   bool *out_is_done, struct error *err)
{
    struct buffer key OWNED(buffer_release) = { 0 };
    struct buffer answer OWNED(buffer_release) = { 0 };
    struct digest input;
    TRY(append_key(&key, call, err));
    TRY(request_find(call->environment->ledger, key.bytes, clock_now(), out_is_done, &input,
                     &answer, err));
    if (!*out_is_done)
        return STATUS_OK;
    if (!digest_equal(&input, &call->request_input)) {
        error_set(err, STATUS_REFUSED, "request_key_reused",
                  "something else was asked with this Idempotency-Key before");
        return error_hint(err, "a new request takes a new key");
    }
    bool is_known = strcmp(buffer_text(&answer), REQUEST_NOTE_NO_ANSWER) != 0;
    if (!operation->secret && !is_known) {
        error_set(err, STATUS_CONFLICT, "answer_not_kept",
                  "this was done already; its answer was lost");
        return error_hint(err, "`greenroom audit` says what was done");
    }
    if (operation->secret) {
        error_set(err, STATUS_CONFLICT, "answer_not_kept",
                  "this was done already; its answer held a secret, and was not kept");
        return error_hint(err, "`greenroom key list` shows what was made: revoke it, and make "
                               "another");
    }
    return json_parse(&call->output, answer.bytes, answer.length, err);
}

enum status operation_request_keep(const struct operation *operation, struct operation_call *call,
                                   struct error *err)
{
    struct operation_caller *caller = call->caller;
    int64_t now = clock_now();
    TRY(append_key(&caller->request_key, call, err));
    if (operation->secret)
        buffer_append_text(&caller->answer, REQUEST_NOTE_NO_ANSWER);
    else
        TRY(json_print(&caller->answer, call->output, err));
    caller->request = (struct request_row) { .key = buffer_text(&caller->request_key),
                                             .input = call->request_input,
                                             .answer = buffer_text(&caller->answer),
                                             .expires = now + OPERATION_REQUEST_SECONDS };
    call->environment->request = &caller->request;
    return request_put(call->environment->ledger, &caller->request, now, err);
}
