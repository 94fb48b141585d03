// The content of a request as it comes over the wire.
#include "body.h"

#include "base/memory.h"

#define MAX_SIZE_DIGITS 15U // of a chunk's size, in hex: no such number overflows

void body_begin_length(struct body *body, uint64_t length)
{
    *body = (struct body) { .state = length > 0 ? BODY_CONTENT : BODY_DONE,
                            .remaining = length,
                            .max_bytes = length };
}

void body_begin_chunks(struct body *body, uint64_t max_bytes)
{
    *body = (struct body) { .state = BODY_SIZE_FIRST, .max_bytes = max_bytes };
}

static enum status invalid(struct error *err, const char *what)
{
    return error_set(err, STATUS_INVALID, "content_invalid", "the request's content has %s", what);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A chunk's size is known: is there room for it?
static enum status size_is_known(struct body *body, enum body_state next, struct error *err)
{
    if (body->remaining > body->max_bytes - body->total)
        return error_set(err, STATUS_TOO_LARGE, "content_too_large",
                         "the request's content is longer than %llu bytes",
                         (unsigned long long)body->max_bytes);
    body->state = next;
    return STATUS_OK;
}

static enum status take_size(struct body *body, char c, struct error *err)
{
    int digit = hex_value(c);
    if (digit >= 0) {
        if (body->state == BODY_SIZE_FIRST) {
            body->remaining = 0;
            body->size_digits = 0;
        }
        if (++body->size_digits > MAX_SIZE_DIGITS)
            return invalid(err, "a chunk whose size has too many digits");
        body->remaining = body->remaining << 4 | (uint64_t)digit;
        body->state = BODY_SIZE;
        return STATUS_OK;
    }
    if (body->state == BODY_SIZE && c == '\r')
        return size_is_known(body, BODY_SIZE_LF, err);
    if (body->state == BODY_SIZE && c == ';')
        return size_is_known(body, BODY_EXTENSION, err);
    return invalid(err, "a chunk whose size is not written in hex digits");
}

static bool is_text(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

static enum status take_extension(struct body *body, char c, struct error *err)
{
    if (c == '\r') {
        body->state = BODY_SIZE_LF;
        return STATUS_OK;
    }
    if (!is_text(c) || ++body->extension_bytes > BODY_MAX_EXTENSION_BYTES)
        return invalid(err, "a chunk extension that is not sound, or too much of them");
    return STATUS_OK;
}

static enum status take_size_lf(struct body *body, char c, struct error *err)
{
    if (c != '\n')
        return invalid(err, "a line that does not end with CR and LF");
    body->state = body->remaining > 0 ? BODY_CHUNK : BODY_TRAILER_FIRST;
    return STATUS_OK;
}

static enum status take_chunk_end(struct body *body, char c, struct error *err)
{
    bool is_cr = body->state == BODY_CHUNK_CR;
    if (c != (is_cr ? '\r' : '\n'))
        return invalid(err, "a chunk that is longer than it says");
    body->state = is_cr ? BODY_CHUNK_LF : BODY_SIZE_FIRST;
    return STATUS_OK;
}

static bool is_name(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte > 0x20 && byte < 0x7f && c != ':' && c != '"' && c != '(' && c != ')' && c != ',' &&
           c != '/' && !(c >= ';' && c <= '@') && !(c >= '[' && c <= ']') && c != '{' && c != '}';
}

// Trailers are read for their form, and not kept: nothing here may depend on them.
static enum status take_trailer(struct body *body, char c, struct error *err)
{
    if (++body->trailer_bytes > BODY_MAX_TRAILER_BYTES)
        return invalid(err, "too long a trailer");
    if (body->state == BODY_TRAILER_FIRST && c == '\r')
        body->state = BODY_LAST_LF;
    else if (body->state != BODY_TRAILER_VALUE && is_name(c))
        body->state = BODY_TRAILER_NAME;
    else if (body->state == BODY_TRAILER_NAME && c == ':')
        body->state = BODY_TRAILER_VALUE;
    else if (body->state == BODY_TRAILER_VALUE && c == '\r')
        body->state = BODY_TRAILER_LF;
    else if (body->state != BODY_TRAILER_VALUE || !is_text(c))
        return invalid(err, "a trailer that is no header field");
    return STATUS_OK;
}

static enum status take_trailer_lf(struct body *body, char c, struct error *err)
{
    if (c != '\n')
        return invalid(err, "a line that does not end with CR and LF");
    body->state = body->state == BODY_LAST_LF ? BODY_DONE : BODY_TRAILER_FIRST;
    return STATUS_OK;
}

static enum status (*const take_byte[])(struct body *body, char c, struct error *err) = {
    [BODY_SIZE_FIRST] = take_size,       [BODY_SIZE] = take_size,
    [BODY_EXTENSION] = take_extension,   [BODY_SIZE_LF] = take_size_lf,
    [BODY_CHUNK_CR] = take_chunk_end,    [BODY_CHUNK_LF] = take_chunk_end,
    [BODY_TRAILER_FIRST] = take_trailer, [BODY_TRAILER_NAME] = take_trailer,
    [BODY_TRAILER_VALUE] = take_trailer, [BODY_TRAILER_LF] = take_trailer_lf,
    [BODY_LAST_LF] = take_trailer_lf,
};

static void take_content(struct body *body, const char *bytes, size_t length,
                         struct body_piece *out)
{
    size_t piece = length < body->remaining ? length : (size_t)body->remaining;
    out->content = bytes;
    out->content_bytes = piece;
    out->consumed += piece;
    body->remaining -= piece;
    body->total += piece;
    if (body->remaining == 0)
        body->state = body->state == BODY_CHUNK ? BODY_CHUNK_CR : BODY_DONE;
}

enum status body_take(struct body *body, const char *bytes, size_t length, struct body_piece *out,
                      struct error *err)
{
    *out = (struct body_piece) { .content = bytes };
    while (out->consumed < length && body->state != BODY_DONE) {
        if (body->state == BODY_CONTENT || body->state == BODY_CHUNK) {
            take_content(body, bytes + out->consumed, length - out->consumed, out);
            return STATUS_OK;
        }
        TRY(take_byte[body->state](body, bytes[out->consumed], err));
        out->consumed++;
    }
    return STATUS_OK;
}
