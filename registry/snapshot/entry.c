// One artifact in one state of live.
#include "snapshot/entry.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/memory.h"

// Multiply-and-fold over eight bytes at a time: names are short, and a byte-wise hash would cost
// more than all the rest of a look-up.
static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t entry_hash(enum artifact_kind kind, const char *name, size_t name_bytes)
{
    uint64_t hash = UINT64_C(0x9e3779b97f4a7c15) * ((uint64_t)kind + 1) ^ name_bytes;
    for (size_t from = 0; from < name_bytes; from += 8) {
        uint64_t word = 0;
        size_t left = name_bytes - from;
        memcpy(&word, name + from, left < 8 ? left : 8);
        hash = fold(hash ^ word, UINT64_C(0xd6e8feb86659fd93));
    }
    return fold(hash, UINT64_C(0xa0761d6478bd642f));
}

static int by_version(const void *a, const void *b)
{
    uint32_t left = (*(struct snapshot_release *const *)a)->id.version;
    uint32_t right = (*(struct snapshot_release *const *)b)->id.version;
    return (left > right) - (left < right);
}

static enum status print_item(struct buffer *out, const char *key,
                              const struct snapshot_release *live, struct error *err)
{
    char digest[DIGEST_TEXT_BYTES];
    struct json *item OWNED(json_release) = json_new_object();
    digest_format(&live->digest, digest);
    json_set_string(item, "artifact", key);
    json_set_integer(item, "version", live->id.version);
    json_set_string(item, "digest", digest);
    return json_print(out, item, err);
}

static struct snapshot_release *find(struct snapshot_release *const *releases, size_t count,
                                     uint32_t version)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t here = releases[middle]->id.version;
        if (here == version)
            return releases[middle];
        if (here < version)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// To where a pointer may stand.
static size_t round_up(size_t bytes)
{
    return (bytes + _Alignof(void *) - 1) / _Alignof(void *) * _Alignof(void *);
}

enum status entry_new(struct entry **out, const struct artifact_id *id,
                      struct snapshot_release **releases, size_t release_count,
                      uint32_t live_version, struct error *err)
{
    char key[ID_TEXT_BYTES];
    struct buffer item OWNED(buffer_release) = { 0 };
    struct entry *entry = NULL;
    id_format_bare(id, key);
    size_t key_bytes = strlen(key) + 1;
    qsort(releases, release_count, sizeof(*releases), by_version);
    struct snapshot_release *live = find(releases, release_count, live_version);
    if (live)
        TRY(print_item(&item, key, live, err));
    size_t list_bytes = release_count * sizeof(*releases);
    size_t head_bytes = round_up(sizeof(*entry) + key_bytes);
    TRY(memory_new(&entry, 1, head_bytes + list_bytes + item.length + 1, err));
    memcpy(entry->key, key, key_bytes);
    entry->releases = memcpy((char *)entry + head_bytes, releases, list_bytes);
    entry->release_count = release_count;
    entry->live = live;
    entry->has_uses = live && live->uses_bytes > 0;
    entry->kind = id->kind;
    entry->name_bytes = strlen(id->name);
    entry->name = entry->key + key_bytes - 1 - entry->name_bytes;
    entry->hash = entry_hash(entry->kind, entry->name, entry->name_bytes);
    entry->item = memcpy((char *)entry->releases + list_bytes, buffer_text(&item), item.length + 1);
    entry->item_bytes = item.length;
    *out = entry;
    return STATUS_OK;
}

struct snapshot_release *entry_find(const struct entry *entry, uint32_t version)
{
    return version == 0 ? entry->live : find(entry->releases, entry->release_count, version);
}

const char *entry_change_key(const struct entry_change *change)
{
    return change->after ? change->after->key : change->before->key;
}
