// From an artifact's kind and name to its entry.
#include "snapshot/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define MIN_BITS 4
#define MAX_BITS 40
#define ENTRIES_PER_BUCKET                                                                         \
    8 // on average, at most: one or two cache lines of hashes to look through
#define BUCKET_FIRST_CAPACITY 4

static size_t bucket_count(const struct table *table)
{
    return (size_t)1 << table->bits;
}

static size_t index_of(const struct table *table, uint64_t hash)
{
    return (size_t)(hash >> (64 - table->bits));
}

// A table that never came to be takes along the buckets that were made for it, and no others.
static void discard(void *object)
{
    struct table *table = object;
    for (size_t i = 0; i < bucket_count(table); i++)
        if (table->buckets[i] && table->buckets[i]->serial == table->serial)
            free(table->buckets[i]);
    free(table);
}

static enum status new_table(struct table **out, unsigned bits, uint64_t serial,
                             struct retired_change *change, struct error *err)
{
    struct table *table OWNED(memory_release) = NULL;
    size_t buckets = (size_t)1 << bits;
    TRY(memory_new(&table, 1, sizeof(*table) + buckets * sizeof(table->buckets[0]), err));
    table->serial = serial;
    table->bits = bits;
    TRY(retired_add(&change->fresh, table, discard, err));
    *out = MOVE(table);
    return STATUS_OK;
}

// A bucket of this table's own in place of the one at `*place`, with room for one entry more.
static enum status own_bucket(struct table *table, struct table_bucket **place,
                              struct retired_change *change, struct error *err)
{
    struct table_bucket *old = *place;
    struct table_bucket *bucket = NULL;
    bool is_own = old && old->serial == table->serial;
    uint32_t count = old ? old->count : 0;
    if (is_own && count < old->capacity)
        return STATUS_OK;
    uint32_t capacity = count < BUCKET_FIRST_CAPACITY ? BUCKET_FIRST_CAPACITY : 2 * count;
    TRY(memory_new(&bucket, 1, sizeof(*bucket) + capacity * sizeof(bucket->slots[0]), err));
    if (old)
        memcpy(bucket, old, sizeof(*old) + count * sizeof(old->slots[0]));
    bucket->serial = table->serial;
    bucket->capacity = capacity;
    *place = bucket;
    if (is_own)
        free(old);
    else if (old)
        return retired_add(&change->stale, old, free, err);
    return STATUS_OK;
}

static enum status put(struct table *table, struct entry *entry, struct retired_change *change,
                       struct error *err)
{
    struct table_bucket **place = &table->buckets[index_of(table, entry->hash)];
    TRY(own_bucket(table, place, change, err));
    (*place)->slots[(*place)->count++] = (struct table_slot) { entry->hash, entry };
    table->count++;
    return STATUS_OK;
}

static enum status take_out(struct table *table, const struct entry *entry,
                            struct retired_change *change, struct error *err)
{
    struct table_bucket **place = &table->buckets[index_of(table, entry->hash)];
    TRY(own_bucket(table, place, change, err));
    struct table_bucket *bucket = *place;
    uint32_t at = 0;
    while (at < bucket->count && bucket->slots[at].entry != entry)
        at++;
    if (at == bucket->count)
        return STATUS_OK;
    bucket->slots[at] = bucket->slots[--bucket->count];
    table->count--;
    return STATUS_OK;
}

// Every entry of a smaller table, in buckets of the new one.
static enum status spread(struct table *table, const struct table *before,
                          struct retired_change *change, struct error *err)
{
    for (size_t i = 0; i < bucket_count(before); i++) {
        struct table_bucket *bucket = before->buckets[i];
        for (uint32_t at = 0; bucket && at < bucket->count; at++)
            TRY(put(table, bucket->slots[at].entry, change, err));
        if (bucket)
            TRY(retired_add(&change->stale, bucket, free, err));
    }
    return STATUS_OK;
}

static unsigned bits_for(const struct table *before, const struct entry_change *changes,
                         size_t count)
{
    size_t entries = before ? before->count : 0;
    unsigned bits = before ? before->bits : MIN_BITS;
    for (size_t i = 0; i < count; i++)
        entries += changes[i].after && !changes[i].before;
    while (bits < MAX_BITS && entries > ((size_t)ENTRIES_PER_BUCKET << bits))
        bits++;
    return bits;
}

static enum status take_over(struct table *table, const struct table *before,
                             struct retired_change *change, struct error *err)
{
    if (before->bits != table->bits) {
        TRY(spread(table, before, change, err));
    } else {
        memcpy(table->buckets, before->buckets, bucket_count(before) * sizeof(table->buckets[0]));
        table->count = before->count;
    }
    return retired_add(&change->stale, (void *)before, free, err);
}

enum status table_apply(struct table **out, const struct table *before,
                        const struct entry_change *changes, size_t count, uint64_t serial,
                        struct retired_change *change, struct error *err)
{
    struct table *table;
    TRY(new_table(&table, bits_for(before, changes, count), serial, change, err));
    if (before)
        TRY(take_over(table, before, change, err));
    for (size_t i = 0; i < count; i++) {
        if (changes[i].before)
            TRY(take_out(table, changes[i].before, change, err));
        if (changes[i].after)
            TRY(put(table, changes[i].after, change, err));
    }
    *out = table;
    return STATUS_OK;
}

struct entry *table_find(const struct table *table, enum artifact_kind kind, const char *name,
                         size_t name_bytes)
{
    uint64_t hash = entry_hash(kind, name, name_bytes);
    const struct table_bucket *bucket = table->buckets[index_of(table, hash)];
    for (uint32_t at = 0; bucket && at < bucket->count; at++) {
        struct entry *entry = bucket->slots[at].entry;
        if (bucket->slots[at].hash == hash && entry->kind == kind &&
            entry->name_bytes == name_bytes && memcmp(entry->name, name, name_bytes) == 0)
            return entry;
    }
    return NULL;
}

enum status table_each(const struct table *table,
                       enum status (*visit)(void *context, const struct entry *entry,
                                            struct error *err),
                       void *context, struct error *err)
{
    for (size_t i = 0; i < bucket_count(table); i++) {
        const struct table_bucket *bucket = table->buckets[i];
        for (uint32_t at = 0; bucket && at < bucket->count; at++)
            TRY(visit(context, bucket->slots[at].entry, err));
    }
    return STATUS_OK;
}

void table_free_all(struct table *table, void (*dispose)(struct entry *entry))
{
    for (size_t i = 0; table && i < bucket_count(table); i++) {
        struct table_bucket *bucket = table->buckets[i];
        for (uint32_t at = 0; bucket && at < bucket->count; at++)
            dispose(bucket->slots[at].entry);
        free(bucket);
    }
    free(table);
}
