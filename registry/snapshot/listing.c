// The live artifacts in order of "kind/name".
#include "snapshot/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

// The chunks of the next listing as they are found.
struct building {
    struct listing_chunk **chunks;
    size_t count;
    size_t capacity;
    size_t entries;
    struct retired_change *change;
};

static void building_release(struct building *building)
{
    free(building->chunks);
}

// Entries on their way from an old chunk and its changes into new chunks.
struct merged {
    struct entry **entries;
    size_t count;
    size_t capacity;
};

static void merged_release(struct merged *merged)
{
    free(merged->entries);
}

static enum status add_chunk(struct building *building, struct listing_chunk *chunk,
                             struct error *err)
{
    TRY(memory_grow(&building->chunks, building->count, &building->capacity,
                    sizeof(*building->chunks), err));
    building->chunks[building->count++] = chunk;
    building->entries += chunk->count;
    return STATUS_OK;
}

static enum status add_new_chunk(struct building *building, struct entry **entries, size_t count,
                                 struct error *err)
{
    struct listing_chunk *chunk OWNED(memory_release) = NULL;
    TRY(memory_new(&chunk, 1, sizeof(*chunk) + count * sizeof(*entries), err));
    chunk->count = count;
    memcpy(chunk->entries, entries, count * sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        chunk->has_emergency |= entries[i]->emergency_until != 0;
        chunk->has_uses |= entries[i]->has_uses;
    }
    TRY(add_chunk(building, chunk, err));
    TRY(retired_add(&building->change->fresh, chunk, free, err));
    (void)MOVE(chunk);
    return STATUS_OK;
}

// As few chunks as will hold them, of equal size, so that each has room to grow.
static enum status add_merged(struct building *building, const struct merged *merged,
                              struct error *err)
{
    size_t pieces = (merged->count + LISTING_CHUNK_ENTRIES - 1) / LISTING_CHUNK_ENTRIES;
    for (size_t piece = 0; piece < pieces; piece++) {
        size_t from = merged->count * piece / pieces;
        size_t to = merged->count * (piece + 1) / pieces;
        TRY(add_new_chunk(building, merged->entries + from, to - from, err));
    }
    return STATUS_OK;
}

static enum status add_entry(struct merged *merged, struct entry *entry, struct error *err)
{
    TRY(memory_grow(&merged->entries, merged->count, &merged->capacity, sizeof(*merged->entries),
                    err));
    merged->entries[merged->count++] = entry;
    return STATUS_OK;
}

static enum status merge(struct merged *merged, const struct listing_chunk *old,
                         const struct entry_change *changes, size_t count, struct error *err)
{
    size_t at = 0;
    size_t old_count = old ? old->count : 0;
    for (size_t i = 0; i < count; i++) {
        const char *key = entry_change_key(&changes[i]);
        while (at < old_count && strcmp(old->entries[at]->key, key) < 0)
            TRY(add_entry(merged, old->entries[at++], err));
        if (at < old_count && strcmp(old->entries[at]->key, key) == 0)
            at++;
        if (changes[i].after && changes[i].after->live)
            TRY(add_entry(merged, changes[i].after, err));
    }
    while (at < old_count)
        TRY(add_entry(merged, old->entries[at++], err));
    return STATUS_OK;
}

// How many of the changes belong before the chunk that begins with `next` (NULL: all of them).
static size_t count_before(const struct entry_change *changes, size_t count,
                           const struct listing_chunk *next)
{
    size_t found = next ? 0 : count;
    while (found < count && strcmp(entry_change_key(&changes[found]), next->entries[0]->key) < 0)
        found++;
    return found;
}

static enum status rebuild_chunk(struct building *building, struct listing_chunk *old,
                                 const struct entry_change *changes, size_t count,
                                 struct error *err)
{
    struct merged merged OWNED(merged_release) = { 0 };
    TRY(merge(&merged, old, changes, count, err));
    TRY(add_merged(building, &merged, err));
    return old ? retired_add(&building->change->stale, old, free, err) : STATUS_OK;
}

static enum status build(struct building *building, const struct listing *before,
                         const struct entry_change *changes, size_t count, struct error *err)
{
    size_t chunks = before ? before->chunk_count : 0;
    if (chunks == 0)
        return rebuild_chunk(building, NULL, changes, count, err);
    for (size_t i = 0; i < chunks; i++) {
        struct listing_chunk *next = i + 1 < chunks ? before->chunks[i + 1] : NULL;
        size_t here = count_before(changes, count, next);
        if (here == 0)
            TRY(add_chunk(building, before->chunks[i], err));
        else
            TRY(rebuild_chunk(building, before->chunks[i], changes, here, err));
        changes += here;
        count -= here;
    }
    return STATUS_OK;
}

enum status listing_apply(struct listing **out, const struct listing *before,
                          const struct entry_change *changes, size_t count,
                          struct retired_change *change, struct error *err)
{
    struct building building OWNED(building_release) = { .change = change };
    struct listing *listing OWNED(memory_release) = NULL;
    TRY(build(&building, before, changes, count, err));
    size_t list_bytes = building.count * sizeof(*building.chunks);
    TRY(memory_new(&listing, 1, sizeof(*listing) + list_bytes, err));
    listing->count = building.entries;
    listing->chunk_count = building.count;
    if (building.count > 0)
        memcpy(listing->chunks, building.chunks, list_bytes);
    if (before)
        TRY(retired_add(&change->stale, (void *)before, free, err));
    TRY(retired_add(&change->fresh, listing, free, err));
    *out = MOVE(listing);
    return STATUS_OK;
}

void listing_free_all(struct listing *listing)
{
    for (size_t i = 0; listing && i < listing->chunk_count; i++)
        free(listing->chunks[i]);
    free(listing);
}
