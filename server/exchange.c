// One request on its way to its answer.
#include "exchange.h"

#include "base/memory.h"
#include "log.h"
#include "problem.h"
#include "reply.h"

#define RETRY_AFTER_SECONDS "2" // a queue of archives moves on in that time

enum status exchange_send(struct exchange *exchange, unsigned http_status,
                          struct MHD_Response *response)
{
    exchange->result = MHD_queue_response(exchange->connection, http_status, response);
    return STATUS_OK;
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
    if (!release || (key->scope_count > 0 && !control_key_covers(key, &release->id)))
        return exchange_not_found(err);
    *out = release;
    return STATUS_OK;
}

static enum status send_problem(struct exchange *exchange, const struct error *problem,
                                struct error *err)
{
    char request_id[PROBLEM_REQUEST_ID_BYTES];
    char allow[ROUTE_ALLOW_BYTES];
    struct buffer body OWNED(buffer_release) = { 0 };
    struct MHD_Response *response OWNED(reply_release) = NULL;
    unsigned http_status = problem_http_status(problem);
    TRY(problem_make_request_id(request_id, err));
    TRY(problem_print(&body, problem, request_id, err));
    if (http_status == 405)
        route_allow(exchange->match.route, allow);
    const struct reply_field fields[] = {
        { "Content-Type", PROBLEM_MEDIA_TYPE },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Request-Id", request_id },
        { "WWW-Authenticate", http_status == 401 ? "Bearer realm=\"greenroom\"" : NULL },
        { "Allow", http_status == 405 ? allow : NULL },
        { "Retry-After", http_status == 503 ? RETRY_AFTER_SECONDS : NULL },
        // Who frames requests wrongly is not listened to any further.
        { "Connection", exchange->request_status != STATUS_OK ? "close" : NULL },
    };
    TRY(reply_with_buffer(&response, &body, fields, COUNT_OF(fields), err));
    if (http_status >= 500)
        log_line(LOG_FAULT, "request %s: %s", request_id, problem->message);
    return exchange_send(exchange, http_status, response);
}

static enum status send_options(struct exchange *exchange, struct error *err)
{
    char allow[ROUTE_ALLOW_BYTES];
    struct buffer body OWNED(buffer_release) = { 0 };
    struct MHD_Response *response OWNED(reply_release) = NULL;
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
    TRY(authenticator_check(exchange->authenticator, exchange->snapshot, request->authorization,
                            request->authorization_bytes, &exchange->key, err));
    if (exchange->match.route->roles & exchange->key->role)
        return STATUS_OK;
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

static enum status handle(struct exchange *exchange, struct error *err)
{
    const struct route *route = exchange->match.route;
    enum route_method method = exchange->request.method;
    TRY(authorise(exchange, err));
    TRY(find_state(exchange, err));
    if (!(method & (route->methods | METHOD_OPTIONS)))
        return error_set(err, STATUS_INVALID, "method_not_allowed",
                         "that cannot be done with what this path names");
    if (exchange->request.has_content)
        return error_set(err, STATUS_INVALID, "content_unexpected",
                         "this request takes no content");
    return method == METHOD_OPTIONS ? send_options(exchange, err) : route->handle(exchange, err);
}

static enum MHD_Result run(struct exchange *exchange)
{
    struct holder *holder = exchange->services->holder;
    struct error err;
    exchange->result = MHD_NO; // closes the connection, when not even a problem can be sent
    enum status status = exchange->request_status;
    if (status == STATUS_OK) {
        route_find(&exchange->match, exchange->request.target.path);
        exchange->snapshot = holder_enter(holder, exchange->worker);
        status = handle(exchange, &err);
        holder_leave(holder, exchange->worker);
    } else {
        err = exchange->request_fault;
    }
    struct error unheard;
    if (status != STATUS_OK && send_problem(exchange, &err, &unheard) != STATUS_OK)
        log_line(LOG_FAULT, "cannot answer: %s", unheard.message);
    return exchange->result;
}

static void read_request(struct exchange *exchange, struct MHD_Connection *connection,
                         const struct exchange_line *line)
{
    exchange->connection = connection;
    exchange->request_status = request_read(&exchange->request, connection, line->method, line->url,
                                            line->version, &exchange->request_fault);
}

enum MHD_Result exchange_begin(struct exchange *exchange, struct MHD_Connection *connection,
                               const struct exchange_line *line)
{
    read_request(exchange, connection, line);
    exchange->is_read = true;
    if (exchange->request_status == STATUS_OK && !exchange->request.has_content)
        return MHD_YES;
    return run(exchange);
}

enum MHD_Result exchange_answer(struct exchange *exchange, struct MHD_Connection *connection,
                                const struct exchange_line *line)
{
    // Without a body the last call follows the first at once. After a suspension others came
    // between, so that everything is read and decided anew, on the state of live there is then.
    if (!exchange->is_read || exchange->connection != connection)
        read_request(exchange, connection, line);
    exchange->is_read = false;
    return run(exchange);
}
