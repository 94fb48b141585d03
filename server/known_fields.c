// The fields of a connection's last request.
#include "known_fields.h"

#include <string.h>

#include "base/memory.h"

bool known_fields_match(const struct known_fields *known, const char *bytes, size_t length,
                        struct head *out, size_t *out_bytes)
{
    struct error unheard;
    const char *newline = known->length > 0 ? memchr(bytes, '\n', length) : NULL;
    size_t line_bytes = newline ? (size_t)(newline + 1 - bytes) : 0;
    if (line_bytes < 2 || newline[-1] != '\r' || length - line_bytes < known->length ||
        !memory_equal(bytes + line_bytes, known->bytes, known->length))
        return false;
    *out_bytes = line_bytes + known->length;
    return *out_bytes <= HEAD_MAX_BYTES &&
           head_parse_line(out, bytes, line_bytes, &unheard) == STATUS_OK && out->minor_version > 0;
}

enum status known_fields_parse(struct known_fields *known, struct head *out, const char *bytes,
                               size_t length, struct error *err)
{
    const char *fields = memchr(bytes, '\n', length); // there is one: the head's end was found
    size_t line_bytes = (size_t)(++fields - bytes);
    size_t fields_bytes = length - line_bytes;
    known->length = 0;
    known->next_length = 0;
    TRY(head_parse_line(out, bytes, line_bytes, err));
    if (fields_bytes <= sizeof(known->bytes) && out->minor_version > 0) {
        memcpy(known->bytes, fields, fields_bytes);
        fields = known->bytes;
        known->next_length = fields_bytes;
    }
    return head_parse_fields(out, fields, fields_bytes, err);
}

void known_fields_keep(struct known_fields *known, const struct request_fields *fields)
{
    if (known->next_length == 0 || fields->has_content)
        return;
    known->length = known->next_length;
    known->next_length = 0;
    known->fields = *fields;
}

void known_fields_forget(struct known_fields *known)
{
    explicit_bzero(known, sizeof(*known));
}
