// A hash map in a schema's arena, filled while a schema is compiled. Internal to schema*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/schema_arena.h"

// A key is an owner and a text, either of which may be NULL; owners are compared by address. Keys
// are borrowed. Starts as {0}; the arena frees it.
struct schema_map {
    struct schema_map_slot *slots;
    size_t capacity; // a power of two, or 0
    size_t count;
};

// What was put there, or NULL.
void *schema_map_get(const struct schema_map *map, const void *owner, const char *text);

// Puts a value that is not NULL under a key that is not there yet.
enum status schema_map_put(struct schema_map *map, struct schema_arena *arena, const void *owner,
                           const char *text, void *value, struct error *err);
