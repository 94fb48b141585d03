// Git object ids (SHA-1, as libgit2 1.5 has them). They name objects inside one store; what names
// content between people is the digest (artifact/digest.h).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define OID_BYTES 20
#define OID_TEXT_BYTES 41 // hex and its NUL

// A value; all zeros means "none".
struct oid {
    uint8_t bytes[OID_BYTES];
};

void oid_format(const struct oid *oid, char out[OID_TEXT_BYTES]);

// 40 lower-case hex digits; STATUS_INVALID otherwise.
enum status oid_parse(struct oid *out, const char *text, struct error *err);

bool oid_equal(const struct oid *a, const struct oid *b);
bool oid_is_none(const struct oid *oid);

// From ids to numbers: open addressing, keyed by the id itself. Starts as {0}; one thread.
struct oid_map {
    struct oid_slot {
        struct oid oid;
        size_t value_plus_one; // 0: free
    } * slots;
    size_t capacity; // a power of two
    size_t count;
};
void oid_map_release(struct oid_map *map);
bool oid_map_get(const struct oid_map *map, const struct oid *oid, size_t *out_value);
enum status oid_map_put(struct oid_map *map, const struct oid *oid, size_t value,
                        struct error *err);
