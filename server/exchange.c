// One request on its way to its answer.
#include "exchange.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "log.h"
#include "prepared.h"
#include "problem.h"
#include "query.h"
#include "range.h"
#include "receipts.h"

#define CACHE_LINE_BYTES 64
#define FETCH_AHEAD_BYTES 4096U // a processor has no more lines on their way at once
#define RETRY_AFTER_SECONDS "2" // a queue of archives moves on in that time

static enum status send_answer(struct exchange *exchange, const struct outgoing_answer *answer)
{
    outgoing_add(exchange->outgoing, answer);
    exchange->http_status = answer->http_status;
    exchange->is_answered = true;
    return STATUS_OK;
}

enum status exchange_send(struct exchange *exchange, unsigned http_status,
                          struct response *response)
{
    const struct outgoing_answer answer = {
        .http_status = http_status,
        .response = response,
        .content_bytes = response->content.size_bytes,
        .date = exchange->date,
        .has_no_content = exchange->request.method == METHOD_HEAD || http_status == 304,
        .closes = exchange->closes,
    };
    return send_answer(exchange, &answer);
}

static enum status send_part(struct exchange *exchange, unsigned http_status,
                             const struct exchange_piece *piece, const struct reply_part *part)
{
    char fields[OUTGOING_MAX_FIELDS_BYTES];
    const struct outgoing_answer answer = {
        .http_status = http_status,
        .response = piece->response,
        .content_at = piece->first + part->first,
        .content_bytes = part->count,
        .bytes = piece->bytes ? piece->bytes + part->first : NULL,
        .date = exchange->date,
        .fields = fields,
        .fields_bytes =
            reply_print_fields(fields, sizeof(fields), &piece->fields, http_status, part),
        .has_no_content = exchange->request.method == METHOD_HEAD || http_status == 304,
        .closes = exchange->closes,
    };
    return send_answer(exchange, &answer);
}

enum status exchange_send_piece(struct exchange *exchange, const struct exchange_piece *piece,
                                struct error *err)
{
    const struct request *request = &exchange->request;
    struct reply_part part = { .count = piece->size_bytes, .whole_bytes = piece->size_bytes };
    if (request_has_current(request, piece->fields.etag, strlen(piece->fields.etag)))
        return send_part(exchange, 304, piece, &part);
    if (!piece->fields.may_be_part || request->method != METHOD_GET ||
        !range_condition_holds(request->fields.range_condition, piece->fields.etag))
        return send_part(exchange, 200, piece, &part);
    switch (range_parse(request->fields.range, piece->size_bytes, &part.first, &part.count)) {
    case RANGE_PART:
        return send_part(exchange, 206, piece, &part);
    case RANGE_UNSATISFIABLE:
        exchange->whole_bytes = piece->size_bytes;
        return error_set(err, STATUS_INVALID, "range_not_satisfiable",
                         "it has %llu bytes, and none in that range",
                         (unsigned long long)piece->size_bytes);
    case RANGE_WHOLE:
        break;
    }
    part = (struct reply_part) { .count = piece->size_bytes, .whole_bytes = piece->size_bytes };
    return send_part(exchange, 200, piece, &part);
}

// Memory is on its way while the answer's head is made: with a thousand artifacts asked for by
// turns, waiting for it costs more than all that is computed.
static void fetch_ahead(const char *bytes, size_t length)
{
    for (size_t at = 0; at < length && at < FETCH_AHEAD_BYTES; at += CACHE_LINE_BYTES)
        __builtin_prefetch(bytes + at);
}

enum status exchange_send_body(struct exchange *exchange, const struct snapshot_release *release,
                               const struct snapshot_body *body)
{
    char state[REPLY_STATE_BYTES];
    bool has_current = request_has_current(&exchange->request, body->etag, body->etag_bytes);
    size_t skipped = has_current ? body->front_mark : 0;
    fetch_ahead(body->bytes - body->front_bytes + skipped,
                body->front_bytes - skipped + (has_current ? 0 : body->size_bytes));
    struct outgoing_answer answer = {
        .http_status = has_current ? 304 : 200,
        .content_at = (uint64_t)(body->bytes - release->bytes),
        .content_bytes = body->size_bytes,
        .bytes = body->bytes,
        .date = exchange->date,
        .fields = state,
        .fields_bytes = reply_print_state(state, snapshot_commit(exchange->state)),
        .front = body->bytes - body->front_bytes + skipped,
        .front_bytes = body->front_bytes - skipped,
        .has_no_content = exchange->request.method == METHOD_HEAD || has_current,
        .closes = exchange->closes,
    };
    if (!outgoing_copies(exchange->outgoing, body->size_bytes))
        answer.response = prepared_response(release); // looked up only where it is needed
    return send_answer(exchange, &answer);
}

enum status exchange_send_made(struct exchange *exchange, const struct snapshot_release *release,
                               struct buffer *body, struct error *err)
{
    struct response *response OWNED(response_release) = NULL;
    char version[16];
    snprintf(version, sizeof(version), "%u", release->id.version);
    const struct reply_field fields[] = {
        { "Content-Type", "application/json" },
        { "X-Content-Type-Options", "nosniff" },
        { "Cache-Control", "no-store" },
        { "Greenroom-Version", version },
        { "Greenroom-State", snapshot_commit(exchange->state) },
    };
    TRY(reply_with_buffer(&response, body, fields, COUNT_OF(fields), err));
    return exchange_send(exchange, 200, response);
}

enum status exchange_not_found(struct error *err)
{
    return error_set(err, STATUS_NOT_FOUND, "not_found", "nothing by that name is served here");
}

enum status exchange_find_release(struct exchange *exchange, const struct snapshot_release **out,
                                  struct error *err)
{
    const struct route_match *match = &exchange->match;
    const struct control_key *key = exchange->key;
    const struct snapshot_release *release =
        snapshot_find_at(exchange->snapshot, exchange->state, match->kind, match->name,
                         match->name_bytes, match->version);
    if (!release)
        return exchange_not_found(err);
    if (!control_key_covers(key, &release->id)) {
        authenticator_refuse(exchange->authenticator, REFUSAL_SCOPE, key, &release->id);
        return exchange_not_found(err);
    }
    exchange->release = release;
    *out = release;
    return STATUS_OK;
}

static enum status send_problem(struct exchange *exchange, const struct error *problem,
                                struct error *err)
{
    char request_id[PROBLEM_REQUEST_ID_BYTES];
    char allow[ROUTE_ALLOW_BYTES];
    char whole[40];
    struct buffer body OWNED(buffer_release) = { 0 };
    struct response *response OWNED(response_release) = NULL;
    unsigned http_status = problem_http_status(problem);
    TRY(problem_make_request_id(request_id, err));
    TRY(problem_print(&body, problem, request_id, err));
    if (http_status == 405)
        route_allow(exchange->match.route, allow);
    snprintf(whole, sizeof(whole), "bytes */%llu", (unsigned long long)exchange->whole_bytes);
    const struct reply_field fields[] = {
        { "Content-Type", PROBLEM_MEDIA_TYPE },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Request-Id", request_id },
        { "WWW-Authenticate", http_status == 401 ? "Bearer realm=\"greenroom\"" : NULL },
        { "Allow", http_status == 405 ? allow : NULL },
        { "Content-Range", http_status == 416 ? whole : NULL },
        { "Retry-After", http_status == 503 ? RETRY_AFTER_SECONDS : NULL },
    };
    TRY(reply_with_buffer(&response, &body, fields, COUNT_OF(fields), err));
    if (http_status >= 500)
        log_request(exchange->services->log, request_id, problem);
    return exchange_send(exchange, http_status, response);
}

static enum status send_options(struct exchange *exchange, struct error *err)
{
    char allow[ROUTE_ALLOW_BYTES];
    struct buffer body OWNED(buffer_release) = { 0 };
    struct response *response OWNED(response_release) = NULL;
    route_allow(exchange->match.route, allow);
    const struct reply_field field = { "Allow", allow };
    TRY(reply_with_buffer(&response, &body, &field, 1, err));
    return exchange_send(exchange, 204, response);
}

static enum status authorise(struct exchange *exchange, struct error *err)
{
    const struct request *request = &exchange->request;
    exchange->key = NULL;
    if (exchange->match.route->roles == 0)
        return STATUS_OK;
    TRY(authenticator_check(exchange->authenticator, exchange->memory, exchange->snapshot,
                            request->fields.authorization.bytes,
                            request->fields.authorization.length, &exchange->key, err));
    if (control_key_role_may(exchange->key->role, exchange->match.route->roles))
        return STATUS_OK;
    authenticator_refuse(exchange->authenticator, REFUSAL_ROLE, exchange->key, NULL);
    error_set(err, STATUS_FORBIDDEN, "forbidden", "this key's role may not do that");
    return error_hint(err, "ask an operator for a key with the role runtime");
}

// The same words for a state that never was and for one that is too old: nobody remembers which.
static enum status find_state(struct exchange *exchange, struct error *err)
{
    const struct route_match *match = &exchange->match;
    exchange->state = exchange->snapshot;
    if (!match->state)
        return STATUS_OK;
    exchange->state = snapshot_at(exchange->snapshot, match->state, match->state_bytes);
    if (exchange->state)
        return STATUS_OK;
    error_set(err, STATUS_NOT_FOUND, "state_unknown",
              "that state of live is not held: it is too old, or never was");
    return error_hint(err, "go on with what is live: the same path without /at/{commit}");
}

// Whether this caller may do what the request asks, and with that method.
static enum status admit(struct exchange *exchange, struct error *err)
{
    TRY(authorise(exchange, err));
    TRY(find_state(exchange, err));
    if (!(exchange->request.method & (exchange->match.route->methods | METHOD_OPTIONS)))
        return error_set(err, STATUS_INVALID, "method_not_allowed",
                         "that cannot be done with what this path names");
    return STATUS_OK;
}

static enum status receive(struct exchange *exchange, struct receiver *receiver, struct error *err)
{
    const struct route *route = exchange->match.route;
    TRY(admit(exchange, err));
    if (!route->receive || exchange->request.method != METHOD_POST)
        return error_set(err, STATUS_INVALID, "content_unexpected",
                         "this request takes no content");
    if (exchange->request.fields.content_bytes > route->max_content_bytes)
        return error_set(err, STATUS_TOO_LARGE, "content_too_large",
                         "the request's content is longer than %llu bytes",
                         (unsigned long long)route->max_content_bytes);
    return route->receive(exchange, receiver, err);
}

static void note_receipt(struct exchange *exchange, const char *call)
{
    const struct snapshot_release *release = exchange->release;
    struct receipt_note note = { .id = release->id,
                                 .digest = release->digest,
                                 .time = clock_now() };
    snprintf(note.call, sizeof(note.call), "%s", call);
    snprintf(note.key, sizeof(note.key), "%s", exchange->key->id);
    (void)ring_put(receipts_ring(exchange->services->receipts), &note); // dropped ones are counted
}

// Letters, digits and what stands in ids: it is written down as it is.
static enum status read_call(const struct exchange *exchange, char out[RECEIPTS_CALL_BYTES],
                             bool *out_found, struct error *err)
{
    size_t length = 0;
    TRY(query_get(exchange->request.query, "call", out, RECEIPTS_CALL_BYTES, &length, out_found,
                  err));
    for (size_t i = 0; *out_found && i <= length; i++)
        if (length == 0 || (i < length && !isalnum((unsigned char)out[i]) &&
                            (out[i] == '\0' || !strchr("-._:@+/", out[i]))))
            return error_set(err, STATUS_INVALID, "parameter_invalid",
                             "the parameter call is not 1 to %d letters, digits and -._:@+/",
                             RECEIPTS_CALL_BYTES - 1);
    return STATUS_OK;
}

// A request that may name the call it is made for: what it was given is noted.
static enum status handle_call(struct exchange *exchange, struct error *err)
{
    char call[RECEIPTS_CALL_BYTES];
    bool is_there;
    TRY(read_call(exchange, call, &is_there, err));
    TRY(exchange->match.route->handle(exchange, err));
    if (is_there && exchange->is_answered && exchange->release &&
        exchange->request.method != METHOD_HEAD)
        note_receipt(exchange, call);
    return STATUS_OK;
}

static enum status handle(struct exchange *exchange, struct error *err)
{
    TRY(admit(exchange, err));
    if (exchange->request.method == METHOD_OPTIONS)
        return send_options(exchange, err);
    if (exchange->request.query.length > 0)
        return handle_call(exchange, err);
    return exchange->match.route->handle(exchange, err);
}

static void prepare(struct exchange *exchange, const struct exchange_call *call)
{
    exchange->connection = call->connection;
    exchange->outgoing = call->outgoing;
    exchange->memory = call->memory;
    exchange->content = NULL;
    exchange->release = NULL;
    exchange->match.route = NULL;
    exchange->is_answered = false;
    exchange->is_parked = false;
    exchange->closes = call->is_stopping;
}

// A request that is not sound leaves nothing that may be relied on.
static enum status read_request(struct exchange *exchange, const struct exchange_call *call,
                                struct error *err)
{
    prepare(exchange, call);
    enum status status = request_read(&exchange->request, call->head, err);
    exchange->closes |= status != STATUS_OK || exchange->request.fields.is_last;
    if (status == STATUS_OK)
        route_find(&exchange->match, exchange->request.target.path);
    return status;
}

static void count(struct exchange *exchange, const struct exchange_call *call)
{
    const struct route *route = exchange->match.route;
    counters_answer(exchange->counters, route ? route_number(route) : COUNTERS_ROUTES - 1,
                    exchange->http_status, (uint64_t)(clock_monotonic_ns() - call->began_ns));
}

static enum exchange_next conclude(struct exchange *exchange, const struct exchange_call *call,
                                   enum status status, const struct error *err)
{
    struct error unheard;
    if (status != STATUS_OK)
        counters_refuse(exchange->counters, err->code);
    if (status != STATUS_OK && send_problem(exchange, err, &unheard) != STATUS_OK)
        log_line(exchange->services->log, LOG_FAULT, "cannot answer: %s", unheard.message);
    if (exchange->is_answered) {
        count(exchange, call);
        return EXCHANGE_ANSWERED;
    }
    return exchange->is_parked ? EXCHANGE_PARKED : EXCHANGE_LOST;
}

static enum status on_snapshot(struct exchange *exchange, struct receiver *receiver,
                               struct error *err)
{
    struct holder *holder = exchange->services->holder;
    exchange->snapshot = holder_enter(holder, exchange->worker);
    enum status status = receiver ? receive(exchange, receiver, err) : handle(exchange, err);
    holder_leave(holder, exchange->worker);
    return status;
}

enum exchange_next exchange_begin(struct exchange *exchange, const struct exchange_call *call)
{
    struct error err;
    enum status status = read_request(exchange, call, &err);
    if (status != STATUS_OK)
        return conclude(exchange, call, status, &err);
    if (!exchange->request.fields.has_content)
        return conclude(exchange, call, on_snapshot(exchange, NULL, &err), &err);
    bool closes = exchange->closes;
    exchange->closes = true; // unless the content is read, where the next request begins is unknown
    status = on_snapshot(exchange, call->receiver, &err);
    if (status != STATUS_OK)
        return conclude(exchange, call, status, &err);
    exchange->closes = closes;
    return EXCHANGE_RECEIVES;
}

enum exchange_next exchange_finish(struct exchange *exchange, const struct exchange_call *call)
{
    struct error err;
    // Others came in between, so that everything is read and decided anew, on the state of live
    // there is now.
    enum status status = read_request(exchange, call, &err);
    exchange->content = call->receiver;
    if (status == STATUS_OK)
        status = on_snapshot(exchange, NULL, &err);
    return conclude(exchange, call, status, &err);
}

enum exchange_next exchange_refuse(struct exchange *exchange, const struct exchange_call *call,
                                   const struct error *reason)
{
    prepare(exchange, call);
    exchange->request.method = METHOD_GET;
    exchange->closes = true;
    return conclude(exchange, call, reason->status, reason);
}
