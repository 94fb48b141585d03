// A whole file in memory, mapped: for what is too large to be read.
#pragma once

#include <stddef.h>

#include "base/error.h"

// Starts as {0}. Nobody may change the file meanwhile: it is one without a name.
struct file_map {
    const char *bytes; // never NULL once mapped; not NUL-terminated
    size_t size_bytes;
};

// The descriptor stays the caller's and may be closed before. STATUS_IO.
enum status file_map_open(struct file_map *out, int fd, const char *label, struct error *err);
void file_map_release(struct file_map *map);
