// One connection, from the first byte to the last.
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define TURN_STEPS 32 // of one connection before others have their turn: about as many requests
#define MAX_LINGER_BYTES (1U << 20) // read, and not looked at, from who does not stop sending

// What one step came to. A step does one thing: reads once, answers one request, sends one stretch.
enum step { STEP_ON, STEP_WAIT, STEP_OVER };

void connection_init(struct connection *connection, struct workbench *bench,
                     const struct transport *transport)
{
    *connection = (struct connection) { .bench = bench, .transport = *transport };
    phase_enter(&bench->phases, &connection->place,
                transport_is_ready(transport) ? PHASE_IDLE : PHASE_HEAD, bench->now_ms);
}

static void drop_upload(struct connection *connection)
{
    if (!connection->upload)
        return;
    receiver_release(&connection->upload->receiver);
    free(connection->upload->head);
    free(connection->upload);
    connection->upload = NULL;
}

void connection_release(struct connection *connection)
{
    phase_leave(&connection->bench->phases, &connection->place);
    drop_upload(connection);
    outgoing_release(&connection->outgoing);
    intake_release(&connection->intake);
    authenticator_forget(&connection->memory);
    transport_close(&connection->transport);
}

void connection_park(struct connection *connection)
{
    connection->is_parked = true;
}

void connection_resume(struct connection *connection)
{
    connection->bench->resume(connection->bench->context, connection);
}

static void enter(struct connection *connection, enum phase phase)
{
    phase_enter(&connection->bench->phases, &connection->place, phase, connection->bench->now_ms);
}

// The phase that a wait for more belongs to. Its time begins with the wait for the first byte, and
// goes on whatever trickles in after that.
static void await_input(struct connection *connection)
{
    const struct intake *intake = &connection->intake;
    bool is_idle = intake->at == intake->end && transport_is_ready(&connection->transport);
    enum phase phase = connection->upload ? PHASE_BODY : is_idle ? PHASE_IDLE : PHASE_HEAD;
    if (connection->place.phase != phase || phase == PHASE_IDLE)
        enter(connection, phase);
}

static enum step read_some(struct connection *connection)
{
    char *place;
    size_t room = intake_room(&connection->intake, &place);
    ssize_t got = transport_read(&connection->transport, place, room);
    if (got == TRANSPORT_LOST && !transport_is_ready(&connection->transport))
        counters_add(connection->bench->exchange.counters, COUNTER_HANDSHAKES_FAILED, 1);
    if (got == TRANSPORT_LOST)
        return STEP_OVER;
    if (got == TRANSPORT_END)
        connection->has_ended = true;
    bool is_all = got == TRANSPORT_WAIT || (got < (ssize_t)room && !connection->is_ending &&
                                            transport_reads_all(&connection->transport));
    if (is_all || connection->has_ended) // epoll tells of what comes from now on
        connection->may_read = connection->has_ended;
    if (got > 0) {
        connection->intake.end += (size_t)got;
        connection->place.moved_bytes += (uint64_t)got;
        counters_add(connection->bench->exchange.counters, COUNTER_RECEIVED_BYTES, (uint64_t)got);
    }
    return STEP_ON;
}

static enum step step_send(struct connection *connection)
{
    struct phase_place *place = &connection->place;
    uint64_t moved_bytes = 0;
    enum outgoing_state state = outgoing_flush(&connection->outgoing, &connection->transport,
                                               connection->bench->out, &moved_bytes);
    counters_add(connection->bench->exchange.counters, COUNTER_SENT_BYTES, moved_bytes);
    if (state == OUTGOING_LOST)
        return STEP_OVER;
    if (state != OUTGOING_SENT && place->phase != PHASE_SEND)
        enter(connection, PHASE_SEND);
    place->moved_bytes += moved_bytes;
    if (state == OUTGOING_WAITS)
        return STEP_WAIT;
    if (state == OUTGOING_SENT && place->phase == PHASE_SEND)
        enter(connection, PHASE_NONE);
    return STEP_ON;
}

// More is needed. What was answered goes out first: the caller may be waiting for it.
static enum step need_input(struct connection *connection)
{
    if (!outgoing_is_empty(&connection->outgoing))
        return step_send(connection);
    if (connection->has_ended)
        return STEP_OVER;
    if (connection->may_read)
        return read_some(connection);
    await_input(connection);
    return STEP_WAIT;
}

static struct exchange_call call_of(struct connection *connection, const struct head *head)
{
    return (struct exchange_call) { .connection = connection,
                                    .outgoing = &connection->outgoing,
                                    .memory = &connection->memory,
                                    .head = head,
                                    .began_ns = connection->began_ns,
                                    .is_stopping = connection->bench->is_stopping };
}

// The connection's last words: nothing of what still comes is looked at.
static enum step refuse(struct connection *connection, const struct error *reason)
{
    if (connection->began_ns == 0)
        connection->began_ns = connection->bench->now_ns;
    const struct exchange_call call = call_of(connection, NULL);
    enum exchange_next next = exchange_refuse(&connection->bench->exchange, &call, reason);
    drop_upload(connection);
    connection->closes = true;
    return next == EXCHANGE_ANSWERED ? STEP_ON : STEP_OVER;
}

static enum step note_answer(struct connection *connection, enum exchange_next next)
{
    connection->scan = (struct head_scan) { 0 };
    if (next != EXCHANGE_PARKED)
        connection->began_ns = 0;
    enter(connection, PHASE_NONE); // whatever it waits for next is not what it waited for
    if (next == EXCHANGE_LOST)
        return STEP_OVER;
    if (next == EXCHANGE_PARKED)
        return STEP_ON;
    connection->closes = connection->bench->exchange.closes;
    return STEP_ON;
}

static enum step begin_upload(struct connection *connection, struct receiver *receiver,
                              size_t head_bytes)
{
    struct intake *intake = &connection->intake;
    const struct exchange *exchange = &connection->bench->exchange;
    const struct request *request = &exchange->request;
    struct error err;
    if (memory_new(&connection->upload, 1, sizeof(*connection->upload), &err) != STATUS_OK) {
        receiver_release(receiver);
        return STEP_OVER;
    }
    struct upload *upload = connection->upload;
    upload->receiver = *receiver;
    upload->head_bytes = head_bytes - connection->scan.begin;
    if (memory_copy_bytes(&upload->head, intake->bytes + intake->at + connection->scan.begin,
                          upload->head_bytes, &err) != STATUS_OK)
        return STEP_OVER;
    if (request->fields.is_chunked)
        body_begin_chunks(&upload->body, exchange->match.route->max_content_bytes);
    else
        body_begin_length(&upload->body, request->fields.content_bytes);
    intake->at += head_bytes;
    connection->scan = (struct head_scan) { 0 };
    if (request->fields.expects_continue && intake->at == intake->end)
        outgoing_add_continue(&connection->outgoing);
    enter(connection, PHASE_BODY);
    return STEP_ON;
}

static enum step step_head(struct connection *connection)
{
    struct intake *intake = &connection->intake;
    const char *bytes = intake->bytes + intake->at;
    struct head_scan *scan = &connection->scan;
    struct receiver receiver = { 0 };
    struct head head;
    struct error err;
    size_t head_bytes;
    enum status status = head_find_end(scan, bytes, intake->end - intake->at, &head_bytes, &err);
    if (status == STATUS_OK && head_bytes == 0)
        return need_input(connection);
    if (connection->began_ns == 0)
        connection->began_ns = connection->bench->now_ns;
    if (status == STATUS_OK)
        status = head_parse(&head, bytes + scan->begin, head_bytes - scan->begin, &err);
    if (status != STATUS_OK)
        return refuse(connection, &err);
    struct exchange_call call = call_of(connection, &head);
    call.receiver = &receiver;
    enum exchange_next next = exchange_begin(&connection->bench->exchange, &call);
    if (next == EXCHANGE_RECEIVES)
        return begin_upload(connection, &receiver, head_bytes);
    if (next == EXCHANGE_ANSWERED)
        intake->at += head_bytes;
    return note_answer(connection, next);
}

// All content is here.
static enum step finish_upload(struct connection *connection)
{
    struct upload *upload = connection->upload;
    struct head head;
    struct error err;
    if (head_parse(&head, upload->head, upload->head_bytes, &err) != STATUS_OK)
        return STEP_OVER; // it was sound when the content began
    struct exchange_call call = call_of(connection, &head);
    call.receiver = &upload->receiver;
    enum exchange_next next = exchange_finish(&connection->bench->exchange, &call);
    enum step step = note_answer(connection, next);
    if (next != EXCHANGE_PARKED)
        drop_upload(connection);
    return step;
}

static enum step step_body(struct connection *connection)
{
    struct intake *intake = &connection->intake;
    struct upload *upload = connection->upload;
    struct body_piece piece;
    struct error err;
    if (upload->body.state == BODY_DONE)
        return finish_upload(connection);
    if (intake->at == intake->end)
        return need_input(connection);
    enum status status = body_take(&upload->body, intake->bytes + intake->at,
                                   intake->end - intake->at, &piece, &err);
    intake->at += piece.consumed;
    if (status == STATUS_OK && piece.content_bytes > 0)
        status =
            upload->receiver.take(upload->receiver.state, piece.content, piece.content_bytes, &err);
    return status == STATUS_OK ? STEP_ON : refuse(connection, &err);
}

// Closing at once, with bytes from the peer unread, would make the system send a reset, which may
// overtake our answer.
static enum step step_linger(struct connection *connection)
{
    if (connection->place.phase != PHASE_LINGER) {
        transport_shut(&connection->transport);
        enter(connection, PHASE_LINGER);
    }
    intake_forget(&connection->intake);
    if (connection->has_ended || connection->place.moved_bytes > MAX_LINGER_BYTES)
        return STEP_OVER;
    return connection->may_read ? read_some(connection) : STEP_WAIT;
}

static enum step take_step(struct connection *connection)
{
    struct outgoing *outgoing = &connection->outgoing;
    bool is_empty = outgoing_is_empty(outgoing);
    if (!is_empty && (connection->closes || connection->is_parked || !outgoing_has_room(outgoing)))
        return step_send(connection);
    if (connection->closes)
        return step_linger(connection);
    if (connection->is_parked)
        return STEP_WAIT;
    return connection->upload ? step_body(connection) : step_head(connection);
}

static void begin_turn(struct connection *connection)
{
    intake_lend(&connection->intake, connection->bench->in);
    outgoing_lend(&connection->outgoing, connection->bench->out);
}

static enum connection_state take_turn(struct connection *connection)
{
    struct error err;
    enum step step = STEP_ON;
    for (int steps = 0; steps < TURN_STEPS && step == STEP_ON; steps++)
        step = take_step(connection);
    if (step == STEP_OVER)
        return CONNECTION_OVER;
    if (intake_take_back(&connection->intake, &err) != STATUS_OK ||
        outgoing_take_back(&connection->outgoing, &err) != STATUS_OK)
        return CONNECTION_OVER;
    return step == STEP_ON ? CONNECTION_READY : CONNECTION_WAITS;
}

enum connection_state connection_run(struct connection *connection)
{
    begin_turn(connection);
    return take_turn(connection);
}

enum connection_state connection_overdue(struct connection *connection)
{
    enum phase phase = connection->place.phase;
    struct error err;
    if ((phase != PHASE_HEAD && phase != PHASE_BODY) || !transport_is_ready(&connection->transport))
        return CONNECTION_OVER;
    begin_turn(connection);
    error_set(&err, STATUS_INVALID, "request_timeout", "the request took too long to arrive");
    if (refuse(connection, &err) == STEP_OVER)
        return CONNECTION_OVER;
    enter(connection, PHASE_NONE);
    return take_turn(connection);
}
