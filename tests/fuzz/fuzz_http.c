// Fuzzes the reading of requests: a head and content come out the same whether they come at once or
// byte by byte, spans stay inside the input, and nothing that is taken holds what must not be
// there. The first byte chooses how content comes; the rest is the head, and content behind it.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "body.h"
#include "fuzz/must.h"
#include "head.h"
#include "request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_CONTENT_BYTES 512

// What head_find_end says at first sight of the whole, and what it says byte by byte.
static size_t find_end(const char *bytes, size_t length, size_t *out_begin)
{
    struct head_scan at_once = { 0 };
    struct head_scan slow = { 0 };
    struct error err;
    size_t wanted = 0;
    size_t found = 0;
    enum status status = head_find_end(&at_once, bytes, length, &wanted, &err);
    enum status slow_status = STATUS_OK;
    for (size_t i = 1; i <= length && slow_status == STATUS_OK && found == 0; i++)
        slow_status = head_find_end(&slow, bytes, i, &found, &err);
    must(slow_status == status);
    must(status != STATUS_OK || found == wanted);
    if (status != STATUS_OK)
        return 0;
    *out_begin = at_once.begin;
    return wanted;
}

static void check_span(struct head_span span, const char *bytes, size_t length)
{
    must(span.bytes >= bytes && span.bytes + span.length <= bytes + length);
    for (size_t i = 0; i < span.length; i++)
        must(span.bytes[i] != '\r' && span.bytes[i] != '\n' && span.bytes[i] != '\0');
}

static bool check_head(const char *bytes, size_t length, struct request *request)
{
    struct head head;
    struct error err;
    if (head_parse(&head, bytes, length, &err) != STATUS_OK)
        return false;
    check_span(head.method, bytes, length);
    check_span(head.target, bytes, length);
    must(head.method.length > 0 && head.target.length > 0 && head.minor_version <= 1);
    for (size_t i = 0; i < head.field_count; i++) {
        check_span(head.fields[i].name, bytes, length);
        check_span(head.fields[i].value, bytes, length);
        must(head.fields[i].name.length > 0);
    }
    if (request_read(request, &head, &err) != STATUS_OK)
        return false;
    const char *path = request->target.path;
    must(strlen(path) == request->target.path_bytes && strchr("/*", path[0]));
    must(!strstr(path, "/../") && !strchr(path, '\\'));
    must(!request->fields.is_chunked ||
         (request->fields.has_content && request->fields.content_bytes == 0));
    (void)request_has_current(request, "\"a\"", 3);
    return true;
}

static enum status take_content(struct body *body, const char *bytes, size_t length, size_t stretch,
                                struct buffer *content, size_t *out_consumed)
{
    struct error err;
    *out_consumed = 0;
    while (*out_consumed < length && body->state != BODY_DONE) {
        struct body_piece piece;
        size_t left = length - *out_consumed;
        TRY(body_take(body, bytes + *out_consumed, left < stretch ? left : stretch, &piece, &err));
        must(piece.consumed > 0 && piece.consumed <= left);
        must(piece.content_bytes <= piece.consumed);
        buffer_append(content, piece.content, piece.content_bytes);
        *out_consumed += piece.consumed;
    }
    return STATUS_OK;
}

static void check_content(const struct body *begin, const char *bytes, size_t length)
{
    struct buffer whole OWNED(buffer_release) = { 0 };
    struct buffer pieces OWNED(buffer_release) = { 0 };
    struct body at_once = *begin;
    struct body slow = *begin;
    size_t consumed;
    size_t slowly_consumed;
    enum status status = take_content(&at_once, bytes, length, length + 1, &whole, &consumed);
    must(take_content(&slow, bytes, length, 1, &pieces, &slowly_consumed) == status);
    must(whole.length == pieces.length && whole.length <= MAX_CONTENT_BYTES);
    must(whole.length == 0 || memcmp(whole.bytes, pieces.bytes, whole.length) == 0);
    if (status == STATUS_OK)
        must(consumed == slowly_consumed && at_once.state == slow.state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request request;
    struct body body;
    char *bytes OWNED(memory_release) = NULL; // of exactly that size, so that a step beyond shows
    size_t begin = 0;
    if (size == 0 || !(bytes = malloc(size)))
        return 0;
    memcpy(bytes, data, size);
    if (data[0] & 1) {
        body_begin_chunks(&body, MAX_CONTENT_BYTES);
        check_content(&body, bytes + 1, size - 1);
        return 0;
    }
    size_t end = find_end(bytes + 1, size - 1, &begin);
    if (end == 0 || !check_head(bytes + 1 + begin, end - begin, &request))
        return 0;
    if (request.fields.is_chunked)
        body_begin_chunks(&body, MAX_CONTENT_BYTES);
    else
        body_begin_length(&body, request.fields.content_bytes % MAX_CONTENT_BYTES);
    check_content(&body, bytes + 1 + end, size - 1 - end);
    return 0;
}
