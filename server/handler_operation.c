// POST /v1/operations/{name}.
#include "handler_operation.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "performer.h"

#define SCHEME "Bearer "
#define NAME_BYTES 64
#define HOST_BYTES 280 // a name of 253 characters, and a port

// "approver-add" in a path is "approver add" in the table.
static bool is_named(const struct operation *operation, const struct route_match *match)
{
    size_t length = strlen(operation->name);
    if (length != match->file_path_bytes)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = operation->name[i] == ' ' ? '-' : operation->name[i];
        if (c != match->file_path[i])
            return false;
    }
    return true;
}

static const struct operation *find_operation(const struct route_match *match)
{
    for (size_t i = 0; operation_table[i]; i++)
        if (operation_table[i]->classes && is_named(operation_table[i], match))
            return operation_table[i];
    return NULL;
}

static enum status check_may(const struct exchange *exchange, const struct operation *operation,
                             struct error *err)
{
    if (!exchange->services->performer) {
        error_set(err, STATUS_FORBIDDEN, "not_writable", "this server takes no operations");
        return error_hint(err, "start it with --writable, or use the environment's folder");
    }
    if (!operation) {
        error_set(err, STATUS_NOT_FOUND, "operation_unknown", "there is no such operation");
        return error_hint(err, "GET /openapi.json lists them; a name's blanks are hyphens");
    }
    // Whoever may not ask for it at all shall not fill the disk with what comes along.
    if (operation_authorise(operation, exchange->key->role, err) == STATUS_OK)
        return STATUS_OK;
    authenticator_refuse(exchange->authenticator, REFUSAL_ROLE, exchange->key, NULL);
    return err->status;
}

static bool copy_span(char *out, size_t out_bytes, struct head_span span)
{
    if (span.length >= out_bytes)
        return false;
    memcpy(out, span.bytes ? span.bytes : "", span.length);
    out[span.length] = '\0';
    return true;
}

enum status handler_operation_receive(struct exchange *exchange, struct receiver *out,
                                      struct error *err)
{
    const struct request *request = &exchange->request;
    const struct operation *operation = find_operation(&exchange->match);
    struct order *order;
    char host[HOST_BYTES];
    char label[HOST_BYTES + 16];
    char bearer[ACCESS_KEY_BYTES + sizeof(SCHEME)];
    char type[256];
    char key[128];
    TRY(check_may(exchange, operation, err));
    if (!copy_span(host, sizeof(host), request->fields.host) ||
        !copy_span(bearer, sizeof(bearer), request->fields.authorization) ||
        !copy_span(type, sizeof(type), request->fields.content_type) ||
        !copy_span(key, sizeof(key), request->fields.request_key))
        return error_set(err, STATUS_TOO_LARGE, "fields_too_large",
                         "a header field is longer than anybody needs");
    snprintf(label, sizeof(label), "%s://%s", exchange->services->scheme, host);
    struct order_plan plan = { .operation = operation,
                               .environment_path = exchange->services->environment_path,
                               .log = exchange->services->log,
                               .label = label,
                               .bearer = bearer + sizeof(SCHEME) - 1,
                               .content_type = type,
                               .request_key = key[0] ? key : NULL,
                               .wants_parts =
                                   head_list_has(request->fields.accept, "multipart/mixed") };
    return order_new(&order, out, &plan, err);
}

enum status handler_operation_perform(struct exchange *exchange, struct error *err)
{
    struct order *order = exchange->content ? order_of(exchange->content) : NULL;
    if (!order) {
        TRY(check_may(exchange, find_operation(&exchange->match), err));
        error_set(err, STATUS_INVALID, "input_missing", "an operation is asked for with its input");
        return error_hint(err, "send {} as application/json when there is nothing to say");
    }
    if (!order->is_submitted) {
        TRY(performer_submit(exchange->services->performer, order, exchange->connection, err));
        exchange->is_parked = true;
        return STATUS_OK;
    }
    if (!order->response)
        return error_no_memory(err);
    if (order->http_status == 403) // its role was looked at before
        authenticator_refuse(exchange->authenticator, REFUSAL_SCOPE, exchange->key, NULL);
    return exchange_send(exchange, order->http_status, order->response);
}
