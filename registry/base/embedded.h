// Files of schema/ compiled into the binary (see schema/embed.cmake).
#pragma once

#include <stddef.h>

struct embedded_file {
    const char *name;  // base name, e.g. "artifact.schema.json"; NULL ends the table
    const char *bytes; // NUL-terminated, static
    size_t size_bytes; // without the NUL
};

extern const struct embedded_file embedded_files[];

// The file of that name, or NULL. Static; any thread.
const struct embedded_file *embedded_find(const char *name);
