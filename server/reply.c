// Responses, made of bytes that somebody else keeps.
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

static enum status add_fields(struct response *response, const struct reply_field *fields,
                              size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(response_add_field(response, fields[i].name, fields[i].value, err));
    return STATUS_OK;
}

static enum status add_known(struct response *response, const struct reply_fields *fields,
                             struct error *err)
{
    char version[16];
    snprintf(version, sizeof(version), "%u", fields->version);
    const struct reply_field list[] = {
        { "Content-Type", fields->media_type },
        { "Content-Disposition", fields->disposition },
        { "ETag", fields->etag },
        { "Cache-Control", REPLY_CACHE_CONTROL },
        { "Greenroom-Version", fields->version ? version : NULL },
        { "Greenroom-State", fields->state && fields->state[0] ? fields->state : NULL },
        { "X-Content-Type-Options", fields->media_type ? "nosniff" : NULL },
    };
    return add_fields(response, list, COUNT_OF(list), err);
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
                               const void *bytes, size_t size_bytes,
                               const struct reply_fields *fields, struct error *err)
{
    struct response *response OWNED(response_release) = NULL;
    const struct response_content content = {
        .bytes = bytes, .size_bytes = size_bytes, .drop = drop_release, .held = (void *)release
    };
    TRY(response_new(&response, &content, err));
    snapshot_release_hold(release); // from here on the response's, whatever becomes of it
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
}

enum status reply_with_text(struct response **out, struct snapshot_text *text,
                            const struct reply_fields *fields, struct error *err)
{
    struct response *response OWNED(response_release) = NULL;
    const struct response_content content = {
        .bytes = text->bytes, .size_bytes = text->size_bytes, .drop = drop_text, .held = text
    };
    enum status status = response_new(&response, &content, err);
    if (status != STATUS_OK) {
        snapshot_text_drop(text);
        return status;
    }
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
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

enum status reply_unchanged(struct response **out, size_t size_bytes,
                            const struct reply_fields *fields, struct error *err)
{
    // Of that size, though a 304 carries nothing: its Content-Length is that of the 200 it stands
    // for (RFC 9110 section 8.6).
    struct response *response OWNED(response_release) = NULL;
    const struct response_content content = { .fd = -1, .size_bytes = size_bytes };
    TRY(response_new(&response, &content, err));
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
}
