// The names in a folder, and which of them go together.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

// Starts as {0}.
struct folder_names {
    char **items; // sorted
    size_t count;
    size_t capacity;
};
void folder_names_release(struct folder_names *names);

// None when there is no such folder.
enum status folder_names_read(struct folder_names *out, const char *path, struct error *err);

// Whether the name made of a stem's first bytes and a suffix is there.
bool folder_names_has(const struct folder_names *names, const char *stem, size_t stem_bytes,
                      const char *suffix);

// The length of what stands before the suffix; 0 when `name` does not end with it.
size_t folder_names_stem(const char *name, const char *suffix);
