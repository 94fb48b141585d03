// URI references.
#include "artifact/schema_uri.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct part {
    const char *text; // NULL: undefined
    size_t length;
};

struct uri {
    struct part scheme;
    struct part authority;
    struct part path; // never NULL
    struct part query;
};

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char scheme_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789+-.";

bool schema_uri_is_absolute(const char *uri)
{
    return strspn(uri, letters) > 0 && uri[strspn(uri, scheme_bytes)] == ':';
}

static struct part take(const char **at, size_t length)
{
    struct part part = { *at, length };
    *at += length;
    return part;
}

// Section 5.2's components; the fragment is left out.
static struct uri split(const char *text)
{
    struct uri uri = { 0 };
    if (schema_uri_is_absolute(text)) {
        uri.scheme = take(&text, strspn(text, scheme_bytes));
        text++;
    }
    if (strncmp(text, "//", 2) == 0) {
        text += 2;
        uri.authority = take(&text, strcspn(text, "/?#"));
    }
    uri.path = take(&text, strcspn(text, "?#"));
    if (*text == '?') {
        text++;
        uri.query = take(&text, strcspn(text, "#"));
    }
    return uri;
}

// Section 5.2.3: the base's path up to its last '/', and the reference's.
static void append_merged(struct buffer *out, const struct uri *base, struct part path)
{
    size_t keep = base->path.length;
    while (keep > 0 && base->path.text[keep - 1] != '/')
        keep--;
    if (base->authority.text && base->path.length == 0)
        buffer_append_byte(out, '/');
    buffer_append(out, base->path.text, keep);
    buffer_append(out, path.text, path.length);
}

static void drop_last_segment(struct buffer *out, size_t start)
{
    size_t length = out->length;
    while (length > start && out->bytes[length - 1] != '/')
        length--;
    buffer_truncate(out, length > start ? length - 1 : start);
}

// Section 5.2.4, for a path that begins with '/'.
static void append_without_dots(struct buffer *out, const char *path)
{
    size_t start = out->length;
    while (*path && !out->failed) {
        size_t length = 1 + strcspn(path + 1, "/");
        bool last = path[length] == '\0';
        bool one = length == 2 && path[1] == '.';
        bool two = length == 3 && path[1] == '.' && path[2] == '.';
        if (two)
            drop_last_segment(out, start);
        if (!one && !two)
            buffer_append(out, path, length);
        else if (last)
            buffer_append_byte(out, '/');
        path += length;
    }
}

static void append_path(struct buffer *out, const char *path)
{
    if (*path == '/')
        append_without_dots(out, path);
    else
        buffer_append_text(out, path);
}

static void append_authority(struct buffer *out, struct part authority)
{
    if (!authority.text)
        return;
    buffer_append_text(out, "//");
    buffer_append(out, authority.text, authority.length);
}

// Section 5.2.2, "transform references". A reference without path and query, such as "#x", never
// reaches it.
static enum status append_resolved(struct buffer *out, const struct uri *base,
                                   const struct uri *reference, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    bool own = reference->scheme.text || reference->authority.text ||
               (reference->path.length > 0 && reference->path.text[0] == '/');
    if (own)
        buffer_append(&path, reference->path.text, reference->path.length);
    else if (reference->path.length == 0)
        buffer_append(&path, base->path.text, base->path.length);
    else
        append_merged(&path, base, reference->path);
    TRY(buffer_check(&path, err));
    struct part scheme = reference->scheme.text ? reference->scheme : base->scheme;
    if (scheme.text) {
        buffer_append(out, scheme.text, scheme.length);
        buffer_append_byte(out, ':');
    }
    bool own_authority = reference->scheme.text || reference->authority.text;
    append_authority(out, own_authority ? reference->authority : base->authority);
    append_path(out, buffer_text(&path));
    if (reference->query.text) {
        buffer_append_byte(out, '?');
        buffer_append(out, reference->query.text, reference->query.length);
    }
    return buffer_check(out, err);
}

enum status schema_uri_resolve(struct buffer *out, const char *base, const char *reference,
                               struct error *err)
{
    size_t before = out->length;
    if (strlen(reference) > SCHEMA_URI_MAX_BYTES)
        return error_set(err, STATUS_INVALID, "schema_invalid", "a URI of more than %d bytes",
                         SCHEMA_URI_MAX_BYTES);
    if (reference[0] == '#' || reference[0] == '\0') {
        buffer_append_text(out, base);
        return buffer_check(out, err);
    }
    struct uri from = split(base);
    struct uri to = split(reference);
    TRY(append_resolved(out, &from, &to, err));
    if (out->length - before > SCHEMA_URI_MAX_BYTES) {
        buffer_truncate(out, before);
        return error_set(err, STATUS_INVALID, "schema_invalid", "a URI of more than %d bytes",
                         SCHEMA_URI_MAX_BYTES);
    }
    return STATUS_OK;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) % 16 : -1;
}

enum status schema_uri_fragment(struct buffer *out, const char *reference, struct error *err)
{
    size_t before = out->length;
    const char *at = strchr(reference, '#');
    for (at = at ? at + 1 : ""; *at; at++) {
        int high = *at == '%' ? hex_value(at[1]) : -1;
        int low = high >= 0 ? hex_value(at[2]) : -1;
        char byte = *at;
        if (low >= 0) {
            byte = (char)(high * 16 + low);
            at += 2;
        }
        buffer_append_byte(out, byte);
    }
    TRY(buffer_check(out, err));
    const char *fragment = buffer_text(out) + before;
    if (strlen(fragment) != out->length - before ||
        !text_is_utf8(fragment, out->length - before, NULL)) {
        buffer_truncate(out, before);
        return error_set(err, STATUS_INVALID, "schema_invalid",
                         "the fragment of '%.200s' is not UTF-8 text", reference);
    }
    return STATUS_OK;
}
