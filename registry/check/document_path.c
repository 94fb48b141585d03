// Where a relative link of a document leads, among the files of its knowledge base.
#include "check/document_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/document_format.h"

static bool holds(const char *text, size_t length, const char *part)
{
    return memmem(text, length, part, strlen(part)) != NULL;
}

// "https:", "mailto:", "tel:" and the like (RFC 3986, section 3.1).
static bool has_scheme(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length &&
           ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z') ||
            (at > 0 && strchr("0123456789+.-", text[at]) && text[at])))
        at++;
    return at > 0 && at < length && text[at] == ':';
}

// Appends the path part of the target, percent-decoded.
static void append_path(struct buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i] != '#' && text[i] != '?'; i++) {
        char hex[3] = { 0 };
        char *end = hex;
        if (text[i] == '%' && length - i > 2) {
            memcpy(hex, text + i + 1, 2);
            unsigned long byte = strtoul(hex, &end, 16);
            if (end == hex + 2 && byte > 0x1F) {
                buffer_append_byte(out, (char)byte);
                i += 2;
                continue;
            }
        }
        buffer_append_byte(out, text[i]);
    }
}

// Appends the segments of `path` to the folder in `out`. False when it leaves the artifact.
static bool append_segments(struct buffer *out, const char *path)
{
    while (*path) {
        size_t length = strcspn(path, "/");
        bool is_up = length == 2 && memcmp(path, "..", 2) == 0;
        if (is_up && out->length == 0)
            return false;
        if (is_up) {
            const char *slash = memrchr(out->bytes, '/', out->length);
            buffer_truncate(out, slash ? (size_t)(slash - out->bytes) : 0);
        } else if (length > 0 && !(length == 1 && *path == '.')) {
            if (out->length > 0)
                buffer_append_byte(out, '/');
            buffer_append(out, path, length);
        }
        path += length + (path[length] == '/');
    }
    return true;
}

// Whether any file is below the folder.
static bool is_folder(const struct content *content, const char *path, size_t length)
{
    size_t low = 0;
    size_t high = content->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = content->files[middle].path;
        int order = strncmp(other, path, length);
        if (order == 0 && other[length] == '/')
            return true;
        if (order < 0 || (order == 0 && (unsigned char)other[length] < '/'))
            low = middle + 1;
        else
            high = middle;
    }
    return length == 0;
}

static enum status exists(bool *out, const struct content *content, const struct buffer *path,
                          struct error *err)
{
    static const char *const endings[] = { "", ".md", ".markdown", ".html", ".htm", ".txt" };
    const char *text = buffer_text(path);
    size_t stem = path->length;
    *out = is_folder(content, text, path->length);
    for (size_t cut = 0; cut < 2 && !*out; cut++) {
        for (size_t i = 0; i < COUNT_OF(endings) && !*out; i++) {
            struct buffer candidate OWNED(buffer_release) = { 0 };
            buffer_append(&candidate, text, stem);
            buffer_append_text(&candidate, endings[i]);
            TRY(buffer_check(&candidate, err));
            *out = content_find(content, buffer_text(&candidate)) != NULL;
        }
        // A page that a site generator makes of Markdown is linked as .html.
        if (document_format_of(text) != DOCUMENT_HTML)
            break;
        stem = (size_t)((const char *)memrchr(text, '.', path->length) - text);
    }
    return STATUS_OK;
}

// Whether the link is for this check: see the header.
static bool is_judged(const struct document_link *link, const struct buffer *path)
{
    const char *text = buffer_text(path);
    const char *slash = strrchr(text, '/');
    const char *last = slash ? slash + 1 : text;
    bool has_ending = strchr(last, '.') && strcmp(last, ".") != 0 && strcmp(last, "..") != 0;
    if (path->length == 0 || path->length > CONTENT_MAX_PATH_BYTES || text[0] == '/' ||
        has_scheme(link->target, link->length))
        return false;
    if (holds(text, path->length, "{") || holds(text, path->length, "<") ||
        holds(text, path->length, "$") || holds(text, path->length, "@"))
        return false;
    return !has_ending || document_format_of(last) != DOCUMENT_OTHER;
}

enum status document_path_is_broken(bool *out, const struct content *content, const char *from,
                                    const struct document_link *link, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    const char *slash = strrchr(from, '/');
    const char *dot = strrchr(from, '.');
    size_t folders[] = { slash ? (size_t)(slash - from) : 0, dot ? (size_t)(dot - from) : 0 };
    bool found = false;
    append_path(&path, link->target, link->length);
    TRY(buffer_check(&path, err));
    *out = false;
    if (!is_judged(link, &path) || strlen(buffer_text(&path)) != path.length)
        return STATUS_OK;
    // A site generator serves a/b.md as a/b/, and its links count from there.
    size_t tries = document_format_of(path.bytes) == DOCUMENT_OTHER ? COUNT_OF(folders) : 1;
    for (size_t i = 0; i < tries && !found; i++) {
        struct buffer whole OWNED(buffer_release) = { 0 };
        buffer_append(&whole, from, folders[i]);
        bool inside = append_segments(&whole, path.bytes);
        TRY(buffer_check(&whole, err));
        if (inside)
            TRY(exists(&found, content, &whole, err));
    }
    *out = !found;
    return STATUS_OK;
}
