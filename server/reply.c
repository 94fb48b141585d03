// Responses as libmicrohttpd sends them.
#include "reply.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void reply_release(struct MHD_Response **response)
{
    if (*response)
        MHD_destroy_response(*response);
    *response = NULL;
}

static enum status add_fields(struct MHD_Response *response, const struct reply_field *fields,
                              size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].value &&
            MHD_add_response_header(response, fields[i].name, fields[i].value) != MHD_YES)
            return error_no_memory(err);
    return STATUS_OK;
}

static enum status add_known(struct MHD_Response *response, const struct reply_fields *fields,
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

enum status reply_with_release(struct MHD_Response **out, const struct snapshot_release *release,
                               const void *bytes, size_t size_bytes,
                               const struct reply_fields *fields, struct error *err)
{
    struct MHD_Response *response OWNED(reply_release) =
        MHD_create_response_from_buffer_with_free_callback_cls(size_bytes, (void *)bytes,
                                                               drop_release, (void *)release);
    if (!response)
        return error_no_memory(err);
    snapshot_release_hold(release); // from here on the response's, whatever becomes of it
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
}

enum status reply_with_text(struct MHD_Response **out, struct snapshot_text *text,
                            const struct reply_fields *fields, struct error *err)
{
    struct MHD_Response *response OWNED(reply_release) =
        MHD_create_response_from_buffer_with_free_callback_cls(text->size_bytes, text->bytes,
                                                               drop_text, text);
    if (!response) {
        snapshot_text_drop(text);
        return error_no_memory(err);
    }
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
}

enum status reply_with_buffer(struct MHD_Response **out, struct buffer *body,
                              const struct reply_field *fields, size_t count, struct error *err)
{
    TRY(buffer_check(body, err));
    struct MHD_Response *response OWNED(reply_release) =
        MHD_create_response_from_buffer(body->length, body->bytes, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return error_no_memory(err);
    *body = (struct buffer) { 0 }; // its bytes are the response's now
    TRY(add_fields(response, fields, count, err));
    *out = MOVE(response);
    return STATUS_OK;
}

// Never called: a 304 has no body.
static ssize_t read_nothing(void *context, uint64_t offset, char *out, size_t room)
{
    (void)context, (void)offset, (void)out, (void)room;
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

enum status reply_unchanged(struct MHD_Response **out, size_t size_bytes,
                            const struct reply_fields *fields, struct error *err)
{
    // A response of that size, and not an empty one: the Content-Length of a 304 is that of the 200
    // it stands for (RFC 9110 section 8.6).
    struct MHD_Response *response OWNED(reply_release) =
        MHD_create_response_from_callback(size_bytes, 1, read_nothing, NULL, NULL);
    if (!response)
        return error_no_memory(err);
    TRY(add_known(response, fields, err));
    *out = MOVE(response);
    return STATUS_OK;
}
