// All packs of a store, for very many objects at once.
#include "store/pack_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/folder_names.h"
#include "store/store_internal.h"
#include "store/store_object.h"

void pack_set_release(struct pack_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        pack_reader_release(&set->readers[i]);
    free(set->readers);
    *set = (struct pack_set) { 0 };
}

static enum status add_pack(struct pack_set *set, const struct store *store, char *name,
                            size_t stem_bytes, struct error *err)
{
    struct error fault;
    struct pack_reader reader = { 0 };
    TRY(memory_grow(&set->readers, set->count, &set->capacity, sizeof(*set->readers), err));
    name[stem_bytes] = '\0';
    enum status status = pack_reader_map(&reader, store->pack_folder, name, &fault);
    if (status == STATUS_OK)
        set->readers[set->count++] = reader;
    set->is_all = set->is_all && status == STATUS_OK;
    return STATUS_OK;
}

enum status pack_set_open(struct pack_set *out, const struct store *store, struct error *err)
{
    struct pack_set set OWNED(pack_set_release) = { 0 };
    struct folder_names names OWNED(folder_names_release) = { 0 };
    bool any_loose;
    TRY(store_object_any_loose(store, &any_loose, err));
    set.is_all = !any_loose;
    TRY(folder_names_read(&names, store->pack_folder, err));
    for (size_t i = 0; i < names.count; i++) {
        size_t stem_bytes = folder_names_stem(names.items[i], ".pack");
        if (stem_bytes > 0)
            TRY(add_pack(&set, store, names.items[i], stem_bytes, err));
    }
    *out = set;
    set = (struct pack_set) { 0 };
    return STATUS_OK;
}

static const struct pack_reader *find(const struct pack_set *set, const struct oid *oid,
                                      struct pack_reader_entry *out)
{
    for (size_t i = 0; i < set->count; i++)
        if (pack_reader_find(&set->readers[i], oid, out))
            return &set->readers[i];
    return NULL;
}

bool pack_set_has(const struct pack_set *set, const struct oid *oid)
{
    struct pack_reader_entry entry;
    return find(set, oid, &entry);
}

bool pack_set_read_blob(const struct pack_set *set, const struct oid *oid, void *out_bytes,
                        size_t size_bytes)
{
    struct error ignored;
    struct pack_reader_entry entry;
    struct oid name;
    const struct pack_reader *reader = find(set, oid, &entry);
    return reader && entry.type == PACK_BLOB && entry.size == size_bytes &&
           pack_reader_inflate_to(reader, &entry, out_bytes) &&
           store_object_name(out_bytes, size_bytes, GIT_OBJECT_BLOB, &name, &ignored) ==
               STATUS_OK &&
           oid_equal(&name, oid);
}
