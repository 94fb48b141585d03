// Git object ids, and a map keyed by them.
#include "store/oid.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define MAP_FIRST_SLOTS 64

void oid_format(const struct oid *oid, char out[OID_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < OID_BYTES; i++) {
        out[2 * i] = digits[oid->bytes[i] >> 4];
        out[2 * i + 1] = digits[oid->bytes[i] & 15];
    }
    out[2 * OID_BYTES] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum status oid_parse(struct oid *out, const char *text, struct error *err)
{
    struct oid oid = { 0 };
    bool fits = strlen(text) == OID_TEXT_BYTES - 1;
    for (int i = 0; fits && i < 2 * OID_BYTES; i++) {
        int value = hex_value(text[i]);
        fits = value >= 0;
        oid.bytes[i / 2] = (uint8_t)(oid.bytes[i / 2] << 4 | (value & 15));
    }
    if (!fits)
        return error_set(err, STATUS_INVALID, "object_id_invalid", "'%.60s' is not an object id",
                         text);
    *out = oid;
    return STATUS_OK;
}

bool oid_equal(const struct oid *a, const struct oid *b)
{
    return memcmp(a->bytes, b->bytes, OID_BYTES) == 0;
}

bool oid_is_none(const struct oid *oid)
{
    static const struct oid none;
    return oid_equal(oid, &none);
}

void oid_map_release(struct oid_map *map)
{
    free(map->slots);
    *map = (struct oid_map) { 0 };
}

// The slot that holds `oid`, or the free one where it belongs. Ids are uniform, so their first
// bytes serve as the hash.
static struct oid_slot *find_slot(struct oid_slot *slots, size_t capacity, const struct oid *oid)
{
    size_t at;
    memcpy(&at, oid->bytes, sizeof(at));
    for (at &= capacity - 1;; at = (at + 1) & (capacity - 1))
        if (slots[at].value_plus_one == 0 || oid_equal(&slots[at].oid, oid))
            return &slots[at];
}

bool oid_map_get(const struct oid_map *map, const struct oid *oid, size_t *out_value)
{
    if (map->capacity == 0)
        return false;
    const struct oid_slot *slot = find_slot(map->slots, map->capacity, oid);
    if (slot->value_plus_one == 0)
        return false;
    *out_value = slot->value_plus_one - 1;
    return true;
}

static enum status make_room(struct oid_map *map, struct error *err)
{
    if ((map->count + 1) * 2 <= map->capacity)
        return STATUS_OK;
    size_t capacity = map->capacity ? map->capacity * 2 : MAP_FIRST_SLOTS;
    struct oid_slot *slots = NULL;
    TRY(memory_new(&slots, capacity, sizeof(*slots), err));
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].value_plus_one)
            *find_slot(slots, capacity, &map->slots[i].oid) = map->slots[i];
    free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return STATUS_OK;
}

enum status oid_map_put(struct oid_map *map, const struct oid *oid, size_t value, struct error *err)
{
    TRY(make_room(map, err));
    struct oid_slot *slot = find_slot(map->slots, map->capacity, oid);
    if (slot->value_plus_one == 0)
        map->count++;
    *slot = (struct oid_slot) { *oid, value + 1 };
    return STATUS_OK;
}
