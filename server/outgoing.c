// What a connection still has to send.
#include "outgoing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

// Status line, Date, Content-Length and Connection, at their longest, and what an answer has alone.
#define OWN_FIELDS_BYTES (256U + OUTGOING_MAX_FIELDS_BYTES)

void outgoing_lend(struct outgoing *outgoing, char *scratch)
{
    if (outgoing->own)
        return;
    outgoing->bytes = scratch;
    outgoing->at = 0;
    outgoing->end = 0;
}

enum status outgoing_take_back(struct outgoing *outgoing, struct error *err)
{
    size_t left = outgoing->end - outgoing->at;
    if (outgoing->own || left == 0)
        return STATUS_OK;
    TRY(memory_copy_bytes(&outgoing->own, outgoing->bytes + outgoing->at, left, err));
    outgoing->bytes = outgoing->own;
    outgoing->at = 0;
    outgoing->end = left;
    return STATUS_OK;
}

bool outgoing_has_room(const struct outgoing *outgoing)
{
    return !outgoing->own && !outgoing->response &&
           OUTGOING_SCRATCH_BYTES - outgoing->end >= OWN_FIELDS_BYTES + RESPONSE_MAX_FIELDS_BYTES;
}

bool outgoing_is_empty(const struct outgoing *outgoing)
{
    return outgoing->at == outgoing->end && !outgoing->response;
}

static void append(struct outgoing *outgoing, const void *bytes, size_t length)
{
    memcpy(outgoing->bytes + outgoing->end, bytes, length);
    outgoing->end += length;
}

static void append_text(struct outgoing *outgoing, const char *text)
{
    append(outgoing, text, strlen(text));
}

static void append_number(struct outgoing *outgoing, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    append(outgoing, digits + at, sizeof(digits) - at);
}

static void append_head(struct outgoing *outgoing, const struct outgoing_answer *answer)
{
    size_t line_bytes;
    const char *line = response_status_line(answer->http_status, &line_bytes);
    append(outgoing, line, line_bytes);
    append_text(outgoing, answer->date);
    if (answer->closes)
        append_text(outgoing, "Connection: close\r\n");
    if (answer->fields)
        append(outgoing, answer->fields, answer->fields_bytes);
    else
        append(outgoing, answer->response->fields, answer->response->fields_bytes);
    if (answer->front) {
        append(outgoing, answer->front, answer->front_bytes);
        return;
    }
    // RFC 9110 section 8.6: never in a 204. It may stand in a 304, but some clients then wait for
    // it.
    if (answer->http_status != 204 && answer->http_status != 304) {
        append_text(outgoing, "Content-Length: ");
        append_number(outgoing, answer->content_bytes);
        append_text(outgoing, "\r\n");
    }
    append_text(outgoing, "\r\n");
}

bool outgoing_copies(const struct outgoing *outgoing, uint64_t content_bytes)
{
    size_t room = OUTGOING_SCRATCH_BYTES - OWN_FIELDS_BYTES - RESPONSE_MAX_FIELDS_BYTES;
    return content_bytes <= OUTGOING_COPY_BYTES && outgoing->end + content_bytes <= room;
}

void outgoing_add(struct outgoing *outgoing, const struct outgoing_answer *answer)
{
    struct response *response = answer->response;
    append_head(outgoing, answer);
    if (answer->has_no_content || answer->content_bytes == 0)
        return;
    const char *bytes = answer->bytes;
    if (!bytes && response->content.bytes)
        bytes = (const char *)response->content.bytes + answer->content_at;
    if (bytes && answer->content_bytes <= OUTGOING_COPY_BYTES &&
        answer->content_bytes <= OUTGOING_SCRATCH_BYTES - outgoing->end) {
        append(outgoing, bytes, (size_t)answer->content_bytes);
        return;
    }
    response_hold(response);
    outgoing->response = response;
    outgoing->content_at = answer->content_at;
    outgoing->content_end = answer->content_at + answer->content_bytes;
}

void outgoing_add_continue(struct outgoing *outgoing)
{
    append_text(outgoing, "HTTP/1.1 100 Continue\r\n\r\n");
}

static enum outgoing_state state_of(ssize_t sent)
{
    return sent == TRANSPORT_WAIT ? OUTGOING_WAITS : OUTGOING_LOST;
}

static enum outgoing_state send_bytes(struct outgoing *outgoing, struct transport *transport,
                                      uint64_t *moved_bytes)
{
    while (outgoing->at < outgoing->end) {
        ssize_t sent = transport_write(transport, outgoing->bytes + outgoing->at,
                                       outgoing->end - outgoing->at, outgoing->response != NULL);
        if (sent <= 0)
            return state_of(sent);
        outgoing->at += (size_t)sent;
        *moved_bytes += (uint64_t)sent;
    }
    memory_release(&outgoing->own);
    outgoing->own = NULL;
    outgoing->at = 0;
    outgoing->end = 0;
    return OUTGOING_SENT;
}

static enum outgoing_state send_content(struct outgoing *outgoing, struct transport *transport,
                                        char *scratch, uint64_t *moved_bytes)
{
    const struct response_content *content = &outgoing->response->content;
    uint64_t left = outgoing->content_end - outgoing->content_at;
    uint64_t stretch = left < OUTGOING_STRETCH_BYTES ? left : OUTGOING_STRETCH_BYTES;
    ssize_t sent =
        content->bytes
            ? transport_write(transport, (const char *)content->bytes + outgoing->content_at,
                              (size_t)stretch, false)
            : transport_send_file(transport, content->fd, outgoing->content_at, stretch, scratch,
                                  OUTGOING_SCRATCH_BYTES);
    if (sent <= 0)
        return state_of(sent);
    outgoing->content_at += (uint64_t)sent;
    *moved_bytes += (uint64_t)sent;
    if (outgoing->content_at < outgoing->content_end)
        return OUTGOING_MORE;
    response_release(&outgoing->response);
    return OUTGOING_SENT;
}

enum outgoing_state outgoing_flush(struct outgoing *outgoing, struct transport *transport,
                                   char *scratch, uint64_t *moved_bytes)
{
    enum outgoing_state state = send_bytes(outgoing, transport, moved_bytes);
    if (state != OUTGOING_SENT)
        return state;
    outgoing_lend(outgoing, scratch);
    return outgoing->response ? send_content(outgoing, transport, scratch, moved_bytes)
                              : OUTGOING_SENT;
}

void outgoing_release(struct outgoing *outgoing)
{
    memory_release(&outgoing->own);
    response_release(&outgoing->response);
    *outgoing = (struct outgoing) { 0 };
}
