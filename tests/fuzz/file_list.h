// Fuzz input that stands for several files: a line "== PATH" begins one, and its bytes go to the
// next such line.
#pragma once

#include <stdbool.h>
#include <string.h>

#include "artifact/content.h"
#include "base/memory.h"

static inline bool file_list_is_mark(const char *at, const char *end)
{
    return end - at >= 3 && memcmp(at, "== ", 3) == 0;
}

// The beginning of the next line that begins a file, or `end`.
static inline const char *file_list_next(const char *at, const char *end)
{
    while (at < end && !file_list_is_mark(at, end)) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline ? newline + 1 : end;
    }
    return at;
}

// Adds the files to content, which is not sealed yet. False when it takes one of them not.
static inline bool file_list_read(struct content *out, const uint8_t *data, size_t size)
{
    const char *end = (const char *)data + size;
    const char *at = file_list_next((const char *)data, end);
    while (at < end) {
        struct error err = { 0 };
        char *path OWNED(memory_release) = NULL;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *body = newline ? newline + 1 : end;
        const char *next = file_list_next(body, end);
        size_t path_bytes = (size_t)((newline ? newline : end) - at) - 3;
        if (memory_copy_bytes(&path, at + 3, path_bytes, &err) != STATUS_OK ||
            content_add_bytes(out, path, body, (size_t)(next - body), &err) != STATUS_OK)
            return false;
        at = next;
    }
    return true;
}
