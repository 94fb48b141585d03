// Messages of a recorded connection.
#include "recording.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CRLF_BYTES 2

static const char *find(const char *at, const char *end, const char *wanted)
{
    return at < end ? memmem(at, (size_t)(end - at), wanted, strlen(wanted)) : NULL;
}

bool recording_field(struct buffer *out, const struct recording_message *message, const char *name)
{
    const char *end = message->fields + message->fields_bytes;
    size_t name_bytes = strlen(name);
    for (const char *at = message->fields; at < end;) {
        const char *line_end = find(at, end, "\r\n");
        if (!line_end)
            return false;
        if ((size_t)(line_end - at) > name_bytes && at[name_bytes] == ':' &&
            strncasecmp(at, name, name_bytes) == 0) {
            const char *value = at + name_bytes + 1;
            value += strspn(value, " ");
            buffer_append(out, value, (size_t)(line_end - value));
            return true;
        }
        at = line_end + CRLF_BYTES;
    }
    return false;
}

// Chunks are only ever sent to the server here: how long they are is enough.
static bool skip_chunks(struct recording_message *out, const char **at, const char *end)
{
    out->content = *at;
    const char *last = find(*at, end, "0\r\n\r\n");
    if (!last)
        return false;
    *at = last + strlen("0\r\n\r\n");
    return true;
}

static bool take_content(struct recording_message *out, const char **at, const char *end)
{
    struct buffer value = { 0 };
    bool is_chunked = recording_field(&value, out, "Transfer-Encoding");
    if (is_chunked) {
        buffer_release(&value);
        return skip_chunks(out, at, end);
    }
    size_t length = 0;
    if (recording_field(&value, out, "Content-Length"))
        length = strtoull(buffer_text(&value), NULL, 10);
    buffer_release(&value);
    if (length > (size_t)(end - *at)) // it was refused before all of it was sent
        length = (size_t)(end - *at);
    out->content = *at;
    out->content_bytes = length;
    *at += length;
    return true;
}

bool recording_next(struct recording_message *out, const char **at, const char *end,
                    bool has_no_content)
{
    const char *head_end = find(*at, end, "\r\n\r\n");
    const char *line_end = find(*at, end, "\r\n");
    if (!head_end)
        return false;
    *out = (struct recording_message) { .start = *at,
                                        .start_bytes = (size_t)(line_end - *at),
                                        .fields = line_end + CRLF_BYTES,
                                        .fields_bytes = (size_t)(head_end - line_end) };
    *at = head_end + 2 * CRLF_BYTES;
    return has_no_content || take_content(out, at, end);
}

void recording_target(struct buffer *out_method, struct buffer *out_path,
                      const struct recording_message *request)
{
    const char *end = request->start + request->start_bytes;
    const char *blank = memchr(request->start, ' ', request->start_bytes);
    if (!blank)
        return;
    buffer_append(out_method, request->start, (size_t)(blank - request->start));
    const char *path = blank + 1;
    size_t length = 0;
    while (path + length < end && path[length] != ' ' && path[length] != '?')
        length++;
    buffer_append(out_path, path, length);
}

unsigned recording_status(const struct recording_message *answer)
{
    const char *blank = memchr(answer->start, ' ', answer->start_bytes);
    return blank ? (unsigned)strtoul(blank + 1, NULL, 10) : 0;
}
