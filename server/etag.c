// Entity tags in conditional requests.
#include "etag.h"

#include <string.h>

static const char *skip_any(const char *at, const char *end, const char *bytes)
{
    while (at < end && *at && strchr(bytes, *at))
        at++;
    return at;
}

bool etag_list_matches(const char *list, size_t list_bytes, const char *etag, size_t etag_bytes)
{
    const char *end = list + list_bytes;
    if (list_bytes == etag_bytes && memcmp(list, etag, etag_bytes) == 0)
        return true; // as nearly every caller sends it
    const char *at = skip_any(list, end, " \t");
    if (at < end && *at == '*')
        return skip_any(at + 1, end, " \t") == end;
    for (;;) {
        at = skip_any(at, end, ", \t"); // RFC 9110 section 5.6.1: empty list elements are allowed
        if (end - at >= 2 && at[0] == 'W' && at[1] == '/')
            at += 2;
        const char *quote =
            at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
        if (!quote)
            return false;
        size_t length = (size_t)(quote + 1 - at);
        if (length == etag_bytes && memcmp(at, etag, length) == 0)
            return true;
        at = skip_any(quote + 1, end, " \t");
        if (at == end || *at != ',')
            return false;
    }
}
