// An answer before it is sent.
#include "response.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FIRST_CAPACITY 512 // most answers' fields

// A line whose length is known without looking.
struct status_line {
    const char *text;
    size_t bytes;
};
#define LINE(words)                                                                                \
    {                                                                                              \
        "HTTP/1.1 " words "\r\n", sizeof("HTTP/1.1 " words "\r\n") - 1                             \
    }

static const struct status_line status_lines[] = {
    [100] = LINE("100 Continue"),
    [200] = LINE("200 OK"),
    [201] = LINE("201 Created"),
    [202] = LINE("202 Accepted"),
    [204] = LINE("204 No Content"),
    [206] = LINE("206 Partial Content"),
    [304] = LINE("304 Not Modified"),
    [400] = LINE("400 Bad Request"),
    [401] = LINE("401 Unauthorized"),
    [403] = LINE("403 Forbidden"),
    [404] = LINE("404 Not Found"),
    [405] = LINE("405 Method Not Allowed"),
    [408] = LINE("408 Request Timeout"),
    [409] = LINE("409 Conflict"),
    [412] = LINE("412 Precondition Failed"),
    [413] = LINE("413 Content Too Large"),
    [414] = LINE("414 URI Too Long"),
    [415] = LINE("415 Unsupported Media Type"),
    [416] = LINE("416 Range Not Satisfiable"),
    [417] = LINE("417 Expectation Failed"),
    [422] = LINE("422 Unprocessable Content"),
    [429] = LINE("429 Too Many Requests"),
    [428] = LINE("428 Precondition Required"),
    [431] = LINE("431 Request Header Fields Too Large"),
    [500] = LINE("500 Internal Server Error"),
    [501] = LINE("501 Not Implemented"),
    [503] = LINE("503 Service Unavailable"),
    [505] = LINE("505 HTTP Version Not Supported"),
};

const char *response_status_line(unsigned http_status, size_t *out_bytes)
{
    static const struct status_line none = { NULL, 0 };
    const struct status_line *line =
        http_status < COUNT_OF(status_lines) ? &status_lines[http_status] : &none;
    *out_bytes = line->bytes;
    return line->text;
}

enum status response_new(struct response **out, const struct response_content *content,
                         struct error *err)
{
    TRY(memory_new(out, 1, sizeof(**out), err));
    (*out)->content = *content;
    atomic_init(&(*out)->holds, 1);
    return STATUS_OK;
}

static bool breaks_head(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

static void append(struct response *response, const char *text, size_t length)
{
    memcpy(response->fields + response->fields_bytes, text, length);
    response->fields_bytes += length;
}

static enum status make_room(struct response *response, size_t bytes, struct error *err)
{
    size_t wanted = response->fields_bytes + bytes;
    size_t capacity = response->fields_capacity ? response->fields_capacity : FIRST_CAPACITY;
    while (capacity < wanted)
        capacity *= 2;
    if (capacity == response->fields_capacity)
        return STATUS_OK;
    char *grown = realloc(response->fields, capacity);
    if (!grown)
        return error_no_memory(err);
    response->fields = grown;
    response->fields_capacity = capacity;
    return STATUS_OK;
}

enum status response_add_field(struct response *response, const char *name, const char *value,
                               struct error *err)
{
    if (!value)
        return STATUS_OK;
    if (breaks_head(name) || breaks_head(value))
        return error_set(err, STATUS_INVALID, "field_invalid",
                         "a control character does not go into the field %s", name);
    size_t name_bytes = strlen(name);
    size_t value_bytes = strlen(value);
    if (name_bytes + value_bytes + 4 > RESPONSE_MAX_FIELDS_BYTES - response->fields_bytes)
        return error_set(err, STATUS_TOO_LARGE, "answer_fields_too_large",
                         "the fields of an answer are longer than %u bytes",
                         RESPONSE_MAX_FIELDS_BYTES);
    TRY(make_room(response, name_bytes + value_bytes + 4, err));
    append(response, name, name_bytes);
    append(response, ": ", 2);
    append(response, value, value_bytes);
    append(response, "\r\n", 2);
    return STATUS_OK;
}

void response_hold(struct response *response)
{
    atomic_fetch_add_explicit(&response->holds, 1, memory_order_relaxed);
}

void response_drop(struct response *response)
{
    if (atomic_fetch_sub_explicit(&response->holds, 1, memory_order_acq_rel) != 1)
        return;
    if (response->content.drop)
        response->content.drop(response->content.held);
    free(response->fields);
    free(response);
}

void response_release(struct response **response)
{
    if (*response)
        response_drop(*response);
    *response = NULL;
}
