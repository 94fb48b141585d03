// Memory of one compiled schema.
#include "artifact/schema_arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 16384

struct schema_arena_chunk {
    struct schema_arena_chunk *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

void schema_arena_release(struct schema_arena *arena)
{
    struct schema_arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct schema_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (struct schema_arena) { 0 };
}

static enum status add_chunk(struct schema_arena *arena, size_t size, struct error *err)
{
    struct schema_arena_chunk *chunk = calloc(1, sizeof(*chunk) + size);
    if (!chunk)
        return error_no_memory(err);
    chunk->size = size;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->used = 0;
    return STATUS_OK;
}

enum status schema_arena_new(struct schema_arena *arena, void *out_pointer, size_t count,
                             size_t size_bytes, struct error *err)
{
    size_t wanted;
    size_t align = alignof(max_align_t);
    if (__builtin_mul_overflow(count, size_bytes, &wanted) || wanted > SIZE_MAX / 2)
        return error_no_memory(err);
    wanted = (wanted + align - 1) / align * align;
    if (!arena->chunks || arena->chunks->size - arena->used < wanted)
        TRY(add_chunk(arena, wanted > CHUNK_BYTES ? wanted : CHUNK_BYTES, err));
    void *memory = arena->chunks->bytes + arena->used;
    arena->used += wanted;
    memcpy(out_pointer, &memory, sizeof(memory));
    return STATUS_OK;
}

enum status schema_arena_copy(struct schema_arena *arena, const char **out, const char *bytes,
                              size_t length, struct error *err)
{
    char *copy = NULL;
    TRY(schema_arena_new(arena, &copy, length + 1, 1, err));
    memcpy(copy, bytes, length);
    *out = copy;
    return STATUS_OK;
}
