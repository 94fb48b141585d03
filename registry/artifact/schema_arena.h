// Memory of one compiled schema: taken piece by piece, freed at once. Internal to schema*.c.
#pragma once

#include <stddef.h>

#include "base/error.h"

// Starts as {0}. Not thread-safe.
struct schema_arena {
    struct schema_arena_chunk *chunks; // the newest first
    size_t used;                       // of the newest
};

void schema_arena_release(struct schema_arena *arena);

// Zeroed memory for `count` items of `size_bytes`, for any type.
enum status schema_arena_new(struct schema_arena *arena, void *out_pointer, size_t count,
                             size_t size_bytes, struct error *err);

// A NUL-terminated copy of `length` bytes.
enum status schema_arena_copy(struct schema_arena *arena, const char **out, const char *bytes,
                              size_t length, struct error *err);
