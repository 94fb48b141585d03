// Makes one pack of several.
#include "store/pack_merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "store/pack_reader.h"
#include "store/store_internal.h"
#include "store/store_object.h"
#include "store/tree_delta.h"

#define DELTA_MIN_BYTES 256 // below that a delta saves nothing worth a second look-up
#define DELTA_MAX_BYTES (4U << 20)
#define DELTA_HELD_BYTES ((size_t)32 << 20) // of trees that others may be made deltas of

// One object that the merged pack will have.
struct item {
    const struct pack_reader *reader;
    const struct pack_reader_entry *entry;
    bool is_double; // in more than one of the packs
};

// The newest version met so far of some folder.
struct lineage {
    struct oid oid;
    struct buffer tree;
};

struct merge {
    struct store *store;
    struct pack_reader *readers;
    const char **stems; // of the readers
    size_t reader_count;
    struct item *items;
    size_t count;
    struct oid_map by_oid;
    struct lineage *lineages;
    size_t lineage_count;
    size_t lineage_capacity;
    struct oid_map by_key;
    size_t held_bytes;
    struct pack_file file;
};

static void release_merge(struct merge *merge)
{
    for (size_t i = 0; i < merge->reader_count; i++)
        pack_reader_release(&merge->readers[i]);
    for (size_t i = 0; i < merge->lineage_count; i++)
        buffer_release(&merge->lineages[i].tree);
    free(merge->readers);
    free(merge->stems);
    free(merge->items);
    free(merge->lineages);
    oid_map_release(&merge->by_oid);
    oid_map_release(&merge->by_key);
    pack_file_release(&merge->file);
}

// An offset delta names its base by where it stands, which copying changes.
static bool can_copy(const struct pack_reader *reader)
{
    for (size_t i = 0; i < reader->count; i++)
        if (reader->entries[i].type == PACK_OFS_DELTA)
            return false;
    return true;
}

static enum status open_readers(struct merge *merge, const char *const *stems, size_t count,
                                struct error *err)
{
    TRY(memory_new(&merge->readers, count, sizeof(*merge->readers), err));
    TRY(memory_new(&merge->stems, count, sizeof(*merge->stems), err));
    for (size_t i = 0; i < count; i++) {
        struct pack_reader *reader = &merge->readers[merge->reader_count];
        TRY(pack_reader_open(reader, merge->store->pack_folder, stems[i], err));
        if (can_copy(reader))
            merge->stems[merge->reader_count++] = stems[i];
        else
            pack_reader_release(reader);
    }
    return STATUS_OK;
}

static enum status collect_item(struct merge *merge, const struct item *item, struct error *err)
{
    size_t index;
    if (!oid_map_get(&merge->by_oid, &item->entry->oid, &index)) {
        TRY(oid_map_put(&merge->by_oid, &item->entry->oid, merge->count, err));
        merge->items[merge->count++] = *item;
        return STATUS_OK;
    }
    if (merge->items[index].entry->type == PACK_REF_DELTA)
        merge->items[index] = *item;
    merge->items[index].is_double = true;
    return STATUS_OK;
}

static enum status collect_items(struct merge *merge, struct error *err)
{
    size_t most = 0;
    for (size_t i = 0; i < merge->reader_count; i++)
        most += merge->readers[i].count;
    TRY(memory_new(&merge->items, most, sizeof(*merge->items), err));
    for (size_t i = 0; i < merge->reader_count; i++)
        for (size_t j = 0; j < merge->readers[i].count; j++) {
            struct item item = { &merge->readers[i], &merge->readers[i].entries[j], false };
            TRY(collect_item(merge, &item, err));
        }
    return STATUS_OK;
}

static enum status copy_entry(struct merge *merge, const struct item *item, struct error *err)
{
    return pack_file_put(&merge->file, item->reader->pack + item->entry->offset,
                         item->entry->length, err);
}

// Two packs may each have an object as a delta of one that the other has as a delta of the first:
// of each pack one copied, and neither could be read. So it is written whole.
static enum status put_whole(struct merge *merge, const struct item *item, struct error *err)
{
    git_odb_object *object OWNED(store_object_release) = NULL;
    TRY(store_object_read(merge->store, &item->entry->oid, &object, err));
    size_t length = git_odb_object_size(object);
    TRY(pack_file_put_header(&merge->file, (enum pack_entry_type)git_odb_object_type(object),
                             length, err));
    return pack_file_put_stored(&merge->file, git_odb_object_data(object), length, err);
}

static enum status put_delta(struct merge *merge, const struct oid *base,
                             const struct buffer *delta, struct error *err)
{
    TRY(pack_file_put_header(&merge->file, PACK_REF_DELTA, delta->length, err));
    TRY(pack_file_put(&merge->file, base->bytes, OID_BYTES, err));
    return pack_file_put_stored(&merge->file, delta->bytes, delta->length, err);
}

static enum status hold_tree(struct merge *merge, const struct oid *key, const struct item *item,
                             struct buffer *tree, struct error *err)
{
    if (merge->held_bytes + tree->length > DELTA_HELD_BYTES)
        return STATUS_OK;
    TRY(memory_grow(&merge->lineages, merge->lineage_count, &merge->lineage_capacity,
                    sizeof(*merge->lineages), err));
    TRY(oid_map_put(&merge->by_key, key, merge->lineage_count, err));
    merge->held_bytes += tree->length;
    merge->lineages[merge->lineage_count++] = (struct lineage) { item->entry->oid, *tree };
    *tree = (struct buffer) { 0 };
    return STATUS_OK;
}

// A tree that stands whole in its pack: the newest version of a folder stays so, each older one
// becomes a delta of the next newer.
static enum status put_tree(struct merge *merge, const struct item *item, struct error *err)
{
    struct buffer tree OWNED(buffer_release) = { 0 };
    struct buffer delta OWNED(buffer_release) = { 0 };
    struct oid key = { 0 };
    uint64_t hash = 0;
    size_t index;
    TRY(pack_reader_inflate(item->reader, item->entry, &tree, err));
    TRY(tree_delta_key(tree.bytes, tree.length, &hash, err));
    memcpy(key.bytes, &hash, sizeof(hash));
    if (!oid_map_get(&merge->by_key, &key, &index)) {
        TRY(copy_entry(merge, item, err));
        return hold_tree(merge, &key, item, &tree, err);
    }
    struct lineage *newer = &merge->lineages[index];
    TRY(tree_delta_append(&delta, newer->tree.bytes, newer->tree.length, tree.bytes, tree.length,
                          err));
    TRY(delta.length < tree.length / 2 ? put_delta(merge, &newer->oid, &delta, err)
                                       : copy_entry(merge, item, err));
    merge->held_bytes += tree.length - newer->tree.length;
    buffer_release(&newer->tree);
    *newer = (struct lineage) { item->entry->oid, tree };
    tree = (struct buffer) { 0 };
    return STATUS_OK;
}

static enum status put_item(struct merge *merge, const struct item *item, struct error *err)
{
    const struct pack_reader_entry *entry = item->entry;
    TRY(pack_reader_check(item->reader, entry, err));
    TRY(pack_file_begin_object(&merge->file, &entry->oid, err));
    if (entry->type == PACK_REF_DELTA && item->is_double)
        return put_whole(merge, item, err);
    if (entry->type == PACK_TREE && entry->size >= DELTA_MIN_BYTES &&
        entry->size <= DELTA_MAX_BYTES)
        return put_tree(merge, item, err);
    return copy_entry(merge, item, err);
}

static enum status remove_file(const struct store *store, const char *stem, const char *suffix,
                               struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    buffer_append_format(&path, "%s/%s%s", store->pack_folder, stem, suffix);
    TRY(buffer_check(&path, err));
    if (unlink(path.bytes) != 0 && errno != ENOENT)
        return error_errno(err, "cannot remove", path.bytes);
    return STATUS_OK;
}

// The pack first: what we leave when we are killed is an index without its pack. A merged pack that
// is the same, byte by byte, as one of those that it was made of, stays.
static enum status remove_merged(struct merge *merge, struct error *err)
{
    struct buffer stem OWNED(buffer_release) = { 0 };
    buffer_append_text(&stem, "pack-");
    buffer_append_hex(&stem, merge->file.sum, OID_BYTES);
    TRY(buffer_check(&stem, err));
    for (size_t i = 0; i < merge->reader_count; i++) {
        if (strcmp(stem.bytes, merge->stems[i]) == 0)
            continue;
        TRY(remove_file(merge->store, merge->stems[i], ".pack", err));
        TRY(remove_file(merge->store, merge->stems[i], ".rev", err));
        TRY(remove_file(merge->store, merge->stems[i], ".idx", err));
    }
    return STATUS_OK;
}

enum status pack_merge(struct store *store, const char *const *stems, size_t count,
                       bool *out_merged, struct error *err)
{
    struct merge merge OWNED(release_merge) = { .store = store, .file = PACK_FILE_NONE };
    *out_merged = false;
    TRY(open_readers(&merge, stems, count, err));
    if (merge.reader_count < 2)
        return STATUS_OK;
    TRY(collect_items(&merge, err));
    TRY(pack_file_begin(&merge.file, store, merge.count, err));
    for (size_t i = 0; i < merge.count; i++)
        TRY(put_item(&merge, &merge.items[i], err));
    TRY(pack_file_seal(&merge.file, err));
    TRY(pack_file_show(&merge.file, err));
    *out_merged = true;
    return remove_merged(&merge, err);
}
