// Entity tags in conditional requests.
#include "etag.h"

#include <string.h>

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t");
}

bool etag_list_matches(const char *list, const char *etag)
{
    size_t etag_bytes = strlen(etag);
    const char *at = skip_space(list);
    if (at[0] == '*')
        return *skip_space(at + 1) == '\0';
    for (;;) {
        at += strspn(at, ", \t"); // RFC 9110 section 5.6.1: empty list elements are allowed
        if (at[0] == 'W' && at[1] == '/')
            at += 2;
        const char *end = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (!end)
            return false;
        size_t length = (size_t)(end + 1 - at);
        if (length == etag_bytes && memcmp(at, etag, length) == 0)
            return true;
        at = skip_space(end + 1);
        if (*at != ',')
            return false;
    }
}
