// The target of a request: its path, percent-decoded exactly once.
#include "target.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

// What may stand in a path as itself: pchar of RFC 3986, and '/'.
static const bool plain[256] = {
    ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['-'] = true, ['.'] = true,
    ['_'] = true,         ['~'] = true,         ['!'] = true,         ['$'] = true, ['&'] = true,
    ['\''] = true,        ['('] = true,         [')'] = true,         ['*'] = true, ['+'] = true,
    [','] = true,         [';'] = true,         ['='] = true,         [':'] = true, ['@'] = true,
    ['/'] = true,
};

static enum status invalid(struct error *err, const char *reason)
{
    return error_set(err, STATUS_INVALID, "target_invalid", "the request's target has %s", reason);
}

// Absolute-form, as a client talks to a proxy, names us once more in front of the path.
static const char *skip_authority(const char *raw, const char *end)
{
    static const char *const schemes[] = { "http://", "https://" };
    if (raw < end && *raw == '/')
        return raw;
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        size_t length = strlen(schemes[i]);
        if ((size_t)(end - raw) < length || strncasecmp(raw, schemes[i], length) != 0)
            continue;
        const char *host = raw + length;
        const char *path = memchr(host, '/', (size_t)(end - host));
        if (!path)
            path = end;
        // No host, or somebody's name and password before it (RFC 9110 section 4.2): no target.
        return path == host || memchr(host, '@', (size_t)(path - host)) ? raw : path;
    }
    return raw;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The byte that "%XX" at `at` stands for.
static enum status decode_escape(const char *at, const char *end, unsigned char *out,
                                 struct error *err)
{
    int high = end - at < 3 ? -1 : hex_value(at[1]);
    int low = high < 0 ? -1 : hex_value(at[2]);
    if (low < 0)
        return invalid(err, "a '%' that no two hex digits follow");
    unsigned char byte = (unsigned char)(high << 4 | low);
    if (byte < 0x20 || byte == 0x7f)
        return invalid(err, "an encoded control character");
    if (byte == '/' || byte == '\\')
        return invalid(err, "an encoded slash or backslash");
    *out = byte;
    return STATUS_OK;
}

static enum status too_long(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "target_too_long",
                     "the request's target is longer than %d bytes", TARGET_MAX_BYTES - 1);
}

static enum status decode(struct target *out, const char *raw, size_t raw_bytes, bool *out_escaped,
                          struct error *err)
{
    const char *end = raw + raw_bytes;
    size_t length = 0;
    for (const char *at = raw; at < end;) {
        const char *from = at;
        while (at < end && plain[(unsigned char)*at])
            at++;
        size_t run = (size_t)(at - from);
        if (run >= sizeof(out->path) - length)
            return too_long(err);
        memcpy(out->path + length, from, run);
        length += run;
        if (at == end)
            break;
        if (*at != '%')
            return invalid(err, "a byte that RFC 3986 does not allow in a path");
        if (length == sizeof(out->path) - 1)
            return too_long(err);
        TRY(decode_escape(at, end, (unsigned char *)&out->path[length++], err));
        *out_escaped = true;
        at += 3;
    }
    out->path[length] = '\0';
    out->path_bytes = length;
    return STATUS_OK;
}

static bool has_dot_segment(const char *path, size_t path_bytes)
{
    const char *at = path;
    if (!memchr(path, '.', path_bytes)) // as in nearly every path
        return false;
    while ((at = strstr(at, "/.")) != NULL) {
        const char *end = at + 2 + (at[2] == '.');
        if (*end == '/' || *end == '\0')
            return true;
        at = end;
    }
    return false;
}

enum status target_parse(struct target *out, const char *raw, size_t raw_bytes, struct error *err)
{
    bool is_escaped = false;
    const char *end = raw + raw_bytes;
    const char *path = skip_authority(raw, end);
    bool is_root = path == end && raw_bytes > 0; // "http://host" stands for it
    TRY(is_root ? decode(out, "/", 1, &is_escaped, err)
                : decode(out, path, (size_t)(end - path), &is_escaped, err));
    if (out->path[0] != '/' && strcmp(out->path, "*") != 0)
        return invalid(err, "no path");
    if (has_dot_segment(out->path, out->path_bytes))
        return invalid(err, "a '.' or '..' segment");
    if (is_escaped && !text_is_utf8(out->path, out->path_bytes, NULL))
        return invalid(err, "bytes that are not UTF-8");
    return STATUS_OK;
}
