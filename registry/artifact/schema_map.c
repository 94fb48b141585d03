// A hash map in a schema's arena.
#include "artifact/schema_map.h"

#include <string.h>

#define FIRST_CAPACITY 64

struct schema_map_slot {
    const void *owner;
    const char *text;
    void *value; // NULL: free
    uint64_t hash;
};

// FNV-1a, begun at the map's own address, so that nobody can choose keys that collide.
static uint64_t hash_key(const struct schema_map *map, const void *owner, const char *text)
{
    const uint64_t prime = UINT64_C(0x100000001B3);
    uint64_t hash = (UINT64_C(0xCBF29CE484222325) ^ (uintptr_t)map) * prime;
    hash = (hash ^ (uintptr_t)owner) * prime;
    for (; text && *text; text++)
        hash = (hash ^ (unsigned char)*text) * prime;
    return hash ^ hash >> 29;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

// The key's slot, or the free one where it belongs.
static struct schema_map_slot *find_slot(const struct schema_map *map, uint64_t hash,
                                         const void *owner, const char *text)
{
    size_t mask = map->capacity - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct schema_map_slot *slot = &map->slots[i];
        if (!slot->value ||
            (slot->hash == hash && slot->owner == owner && same_text(slot->text, text)))
            return slot;
    }
}

void *schema_map_get(const struct schema_map *map, const void *owner, const char *text)
{
    if (map->capacity == 0)
        return NULL;
    return find_slot(map, hash_key(map, owner, text), owner, text)->value;
}

static enum status grow(struct schema_map *map, struct schema_arena *arena, struct error *err)
{
    struct schema_map_slot *old = map->slots;
    size_t old_capacity = map->capacity;
    size_t capacity = old_capacity ? 2 * old_capacity : FIRST_CAPACITY;
    TRY(schema_arena_new(arena, &map->slots, capacity, sizeof(*map->slots), err));
    map->capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].value)
            *find_slot(map, old[i].hash, old[i].owner, old[i].text) = old[i];
    return STATUS_OK;
}

enum status schema_map_put(struct schema_map *map, struct schema_arena *arena, const void *owner,
                           const char *text, void *value, struct error *err)
{
    if (2 * (map->count + 1) > map->capacity)
        TRY(grow(map, arena, err));
    uint64_t hash = hash_key(map, owner, text);
    *find_slot(map, hash, owner, text) =
        (struct schema_map_slot) { .owner = owner, .text = text, .value = value, .hash = hash };
    map->count++;
    return STATUS_OK;
}
