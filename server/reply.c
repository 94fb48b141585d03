// Responses, made of bytes that somebody else keeps.
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static enum status add_fields(struct response *response, const struct reply_field *fields,
                              size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(response_add_field(response, fields[i].name, fields[i].value, err));
    return STATUS_OK;
}

// Lines on their way into an answer.
struct lines {
    char *at;
    char *end;
};

static void put(struct lines *lines, const char *text, size_t length)
{
    memcpy(lines->at, text, length);
    lines->at += length;
}

// `name` with its colon and blank. NULL as value: nothing.
static void put_line(struct lines *lines, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    size_t name_bytes = strlen(name);
    size_t value_bytes = strlen(value);
    if (name_bytes + value_bytes + 2 > (size_t)(lines->end - lines->at))
        return;
    put(lines, name, name_bytes);
    put(lines, value, value_bytes);
    put(lines, "\r\n", 2);
}

static void put_version(struct lines *lines, uint32_t version)
{
    char digits[11];
    char *at = digits + sizeof(digits) - 1;
    *at = '\0';
    for (; version > 0; version /= 10)
        *--at = (char)('0' + version % 10);
    put_line(lines, "Greenroom-Version: ", at);
}

static void put_range(struct lines *lines, const struct reply_part *part)
{
    char range[80];
    snprintf(range, sizeof(range), "bytes %llu-%llu/%llu", (unsigned long long)part->first,
             (unsigned long long)(part->first + part->count - 1),
             (unsigned long long)part->whole_bytes);
    put_line(lines, "Content-Range: ", range);
}

static void put_length(struct lines *lines, uint64_t size_bytes)
{
    char digits[21];
    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)size_bytes);
    put_line(lines, "Content-Length: ", digits);
}

// What a caller's cache has already, when it is told that nothing has changed.
static void put_content_fields(struct lines *lines, const struct reply_fields *fields)
{
    put_line(lines, "Content-Type: ", fields->media_type);
    put_line(lines, "X-Content-Type-Options: ", fields->media_type ? "nosniff" : NULL);
    put_line(lines, "Content-Encoding: ", fields->encoding);
    put_line(lines, "Content-Disposition: ", fields->disposition);
    put_line(lines, "Accept-Ranges: ", fields->may_be_part ? "bytes" : NULL);
}

static void put_cache_fields(struct lines *lines, const struct reply_fields *fields)
{
    put_line(lines, "ETag: ", fields->etag);
    put_line(lines, "Vary: ", fields->varies ? "Accept-Encoding" : NULL);
    put_line(lines, "Cache-Control: ", REPLY_CACHE_CONTROL);
    put_version(lines, fields->version);
}

size_t reply_print_fields(char *out, size_t room, const struct reply_fields *fields,
                          unsigned http_status, const struct reply_part *part)
{
    struct lines lines = { out, out + room };
    if (http_status != 304)
        put_content_fields(&lines, fields);
    if (http_status == 206)
        put_range(&lines, part);
    put_cache_fields(&lines, fields);
    put_line(&lines, "Greenroom-State: ", fields->state);
    return (size_t)(lines.at - out);
}

size_t reply_print_front(char *out, size_t room, const struct reply_fields *fields,
                         uint64_t size_bytes, size_t *out_mark)
{
    struct lines lines = { out, out + room };
    put_content_fields(&lines, fields);
    put_length(&lines, size_bytes);
    *out_mark = (size_t)(lines.at - out);
    put_cache_fields(&lines, fields);
    put(&lines, "\r\n", 2);
    return (size_t)(lines.at - out);
}

size_t reply_print_state(char out[REPLY_STATE_BYTES], const char *commit)
{
    struct lines lines = { out, out + REPLY_STATE_BYTES };
    put_line(&lines, "Greenroom-State: ", commit);
    return (size_t)(lines.at - out);
}

static void drop_release(void *release)
{
    snapshot_release_drop(release);
}

static void drop_text(void *text)
{
    snapshot_text_drop(text);
}

enum status reply_with_release(struct response **out, const struct snapshot_release *release,
                               struct error *err)
{
    const struct response_content content = { .bytes = release->bytes,
                                              .size_bytes = release->size_bytes,
                                              .drop = drop_release,
                                              .held = (void *)release };
    TRY(response_new(out, &content, err));
    snapshot_release_hold(release);
    return STATUS_OK;
}

enum status reply_with_text(struct response **out, struct snapshot_text *text, struct error *err)
{
    const struct response_content content = {
        .bytes = text->bytes, .size_bytes = text->size_bytes, .drop = drop_text, .held = text
    };
    enum status status = response_new(out, &content, err);
    if (status != STATUS_OK)
        snapshot_text_drop(text);
    return status;
}

enum status reply_with_buffer(struct response **out, struct buffer *body,
                              const struct reply_field *fields, size_t count, struct error *err)
{
    TRY(buffer_check(body, err));
    struct response *response OWNED(response_release) = NULL;
    const struct response_content content = {
        .bytes = body->bytes, .size_bytes = body->length, .drop = free, .held = body->bytes
    };
    TRY(response_new(&response, &content, err));
    *body = (struct buffer) { 0 }; // its bytes are the response's now
    TRY(add_fields(response, fields, count, err));
    *out = MOVE(response);
    return STATUS_OK;
}
