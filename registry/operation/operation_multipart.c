// Several parts in one message.
#include "operation/operation_multipart.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "trust/hash.h"

#define RANDOM_BYTES 16

static enum status invalid(struct error *err, const char *why)
{
    return error_set(err, STATUS_INVALID, "multipart_invalid", "the content's parts are broken: %s",
                     why);
}

static bool is_boundary_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("'()+_,-./:=?", c));
}

enum status operation_multipart_boundary(char out[MULTIPART_BOUNDARY_BYTES],
                                         const char *content_type, const char *media_type,
                                         struct error *err)
{
    static const char parameter[] = "boundary=";
    size_t length = strlen(media_type);
    const char *at = strchr(content_type, ';');
    if (strncasecmp(content_type, media_type, length) != 0 || !at)
        return error_set(err, STATUS_INVALID, "media_type_unsupported", "the content is no %s",
                         media_type);
    at += 1 + strspn(at + 1, " \t");
    if (strncasecmp(at, parameter, sizeof(parameter) - 1) != 0)
        return invalid(err, "the Content-Type names no boundary");
    at += sizeof(parameter) - 1;
    at += *at == '"';
    length = 0;
    while (is_boundary_byte(at[length]))
        length++;
    if (length == 0 || length >= MULTIPART_BOUNDARY_BYTES)
        return invalid(err, "the Content-Type names no boundary");
    memcpy(out, at, length);
    out[length] = '\0';
    return STATUS_OK;
}

// A parameter of a header line, in quotes: name="…".
static enum status take_parameter(char out[MULTIPART_NAME_BYTES], const char *line,
                                  const char *parameter, struct error *err)
{
    const char *at = strstr(line, parameter);
    if (!at)
        return STATUS_OK;
    at += strlen(parameter);
    size_t length = strcspn(at, "\"");
    if (at[length] != '"' || length >= MULTIPART_NAME_BYTES)
        return invalid(err, "a name is not in quotes, or too long");
    memcpy(out, at, length);
    out[length] = '\0';
    return STATUS_OK;
}

static enum status take_line(struct operation_part *part, const char *line, struct error *err)
{
    static const char disposition[] = "Content-Disposition:";
    char path[MULTIPART_NAME_BYTES] = "";
    if (strncasecmp(line, disposition, sizeof(disposition) - 1) != 0)
        return STATUS_OK;
    TRY(take_parameter(part->name, line, " name=\"", err));
    TRY(take_parameter(path, line, "filename=\"", err));
    const char *slash = strrchr(path, '/');
    snprintf(part->file_name, sizeof(part->file_name), "%s", slash ? slash + 1 : path);
    return STATUS_OK;
}

// The lines between a boundary and the empty line. *at is behind it afterwards.
static enum status read_head(struct operation_part *part, const char **at, const char *end,
                             struct error *err)
{
    char line[MULTIPART_MAX_HEAD_BYTES];
    size_t total = 0;
    for (;;) {
        const char *stop = memmem(*at, (size_t)(end - *at), "\r\n", 2);
        size_t length = stop ? (size_t)(stop - *at) : sizeof(line);
        total += length;
        if (total >= sizeof(line))
            return invalid(err, "a part's head is too long");
        memcpy(line, *at, length);
        line[length] = '\0';
        *at = stop + 2;
        if (length == 0)
            return STATUS_OK;
        if (strlen(line) != length)
            return invalid(err, "a part's head holds a NUL");
        TRY(take_line(part, line, err));
    }
}

// What stands behind a boundary: CRLF before the next part, or "--" at the end.
static enum status read_mark(const char **at, const char *end, bool *out_is_last, struct error *err)
{
    bool has_two = end - *at >= 2;
    *out_is_last = has_two && memcmp(*at, "--", 2) == 0;
    if (!has_two || (!*out_is_last && memcmp(*at, "\r\n", 2) != 0))
        return invalid(err, "a boundary is followed by something else");
    *at += 2;
    return STATUS_OK;
}

enum status operation_multipart_read(const char *bytes, size_t length, const char *boundary,
                                     operation_part_visit visit, void *context, struct error *err)
{
    char mark[MULTIPART_BOUNDARY_BYTES + 4];
    const char *end = bytes + length;
    bool is_last = false;
    int mark_length = snprintf(mark, sizeof(mark), "\r\n--%s", boundary);
    bool has_break =
        length > 2 && memcmp(bytes, mark, 2) == 0; // before the first one it is optional
    size_t first = (size_t)mark_length - (has_break ? 0 : 2);
    if (length < first || memcmp(bytes, has_break ? mark : mark + 2, first) != 0)
        return invalid(err, "they do not begin with the boundary");
    const char *at = bytes + first;
    TRY(read_mark(&at, end, &is_last, err));
    for (unsigned count = 0; !is_last; count++) {
        struct operation_part part = { .name = "" };
        if (count >= MULTIPART_MAX_PARTS)
            return error_set(err, STATUS_TOO_LARGE, "too_many_parts",
                             "the content has more than %u parts", MULTIPART_MAX_PARTS);
        TRY(read_head(&part, &at, end, err));
        const char *next = memmem(at, (size_t)(end - at), mark, (size_t)mark_length);
        if (!next)
            return invalid(err, "the last boundary is missing");
        part.bytes = at;
        part.size_bytes = (size_t)(next - at);
        at = next + mark_length;
        TRY(read_mark(&at, end, &is_last, err));
        TRY(visit(context, &part, err));
    }
    return STATUS_OK;
}

enum status operation_multipart_make_boundary(char out[MULTIPART_BOUNDARY_BYTES], struct error *err)
{
    unsigned char random[RANDOM_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(hash_random(random, sizeof(random), err));
    buffer_append_text(&text, "greenroom-");
    buffer_append_hex(&text, random, sizeof(random));
    TRY(buffer_check(&text, err));
    memcpy(out, text.bytes, text.length + 1);
    return STATUS_OK;
}

void operation_multipart_append_head(struct buffer *out, const char *boundary, const char *name,
                                     const char *file_name, const char *media_type)
{
    buffer_append_format(out, "\r\n--%s\r\n", boundary);
    if (name)
        buffer_append_format(out, "Content-Disposition: form-data; name=\"%s\"", name);
    if (name && file_name)
        buffer_append_format(out, "; filename=\"%s\"", file_name);
    buffer_append_format(out, "%sContent-Type: %s\r\n\r\n", name ? "\r\n" : "", media_type);
}

void operation_multipart_append_end(struct buffer *out, const char *boundary)
{
    buffer_append_format(out, "\r\n--%s--\r\n", boundary);
}
