// A growing run of bytes. A failed allocation is remembered: appends after it do nothing, and
// buffer_check() says so once, at the end, so that building text needs no check per line.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

// Starts as {0}. `bytes` is NUL-terminated whenever it is not NULL; `length` does not count the
// NUL. Not thread-safe.
struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

void buffer_release(struct buffer *buffer);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, char byte);
void buffer_append_hex(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Cuts the content to `length`, which must not exceed it; keeps the memory.
void buffer_truncate(struct buffer *buffer, size_t length);

// The content as a string; never NULL, "" when empty. Borrowed until the next append.
const char *buffer_text(const struct buffer *buffer);

// STATUS_NO_MEMORY if any append failed.
enum status buffer_check(const struct buffer *buffer, struct error *err);

// Hands the memory over: the caller frees it; the buffer is empty again. NULL after a failed
// append.
char *buffer_detach(struct buffer *buffer);
