// The parameters behind a target's question mark.
#include "query.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 12 // ten digits and more are over every bound

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum status invalid(struct error *err, const char *name, const char *what)
{
    return error_set(err, STATUS_INVALID, "parameter_invalid", "the parameter %s %s", name, what);
}

static enum status decode(struct head_span value, const char *name, char *out, size_t room,
                          size_t *out_bytes, struct error *err)
{
    size_t length = 0;
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.bytes[i] == '+' ? ' ' : value.bytes[i];
        if (length + 1 >= room)
            return invalid(err, name, "is too long");
        if (byte == '%') {
            int high = i + 2 < value.length ? hex_value(value.bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(value.bytes[i + 2]);
            if (low < 0)
                return invalid(err, name, "has a '%' that no two hex digits follow");
            byte = (char)(high << 4 | low);
            i += 2;
        }
        out[length++] = byte;
    }
    out[length] = '\0';
    *out_bytes = length;
    return STATUS_OK;
}

enum status query_get(struct head_span query, const char *name, char *out, size_t room,
                      size_t *out_bytes, bool *out_found, struct error *err)
{
    size_t name_bytes = strlen(name);
    const char *end = query.bytes + query.length;
    *out_found = false;
    for (const char *at = query.bytes; at && at < end;) {
        const char *mark = memchr(at, '&', (size_t)(end - at));
        const char *part_end = mark ? mark : end;
        bool is_it = (size_t)(part_end - at) > name_bytes && at[name_bytes] == '=' &&
                     memcmp(at, name, name_bytes) == 0;
        if (is_it && *out_found)
            return invalid(err, name, "is there twice");
        const char *begin = at + name_bytes + 1;
        if (is_it)
            TRY(decode((struct head_span) { begin, (size_t)(part_end - begin) }, name, out, room,
                       out_bytes, err));
        *out_found |= is_it;
        at = part_end + 1;
    }
    return STATUS_OK;
}

enum status query_get_number(struct head_span query, const char *name,
                             const struct query_number *bounds, unsigned *out, struct error *err)
{
    char text[NUMBER_BYTES];
    char *end;
    size_t length;
    bool is_there;
    *out = bounds->fallback;
    TRY(query_get(query, name, text, sizeof(text), &length, &is_there, err));
    if (!is_there)
        return STATUS_OK;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || end != text + length || number < bounds->least ||
        number > bounds->most)
        return error_set(err, STATUS_INVALID, "parameter_invalid",
                         "the parameter %s is not a number from %u to %u", name, bounds->least,
                         bounds->most);
    *out = (unsigned)number;
    return STATUS_OK;
}
