// Many loose tags become lines of packed-refs.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/loose_refs.h"
#include "store/packed_refs.h"
#include "store/store_internal.h"
#include "store/store_object.h"
#include "store/tidy.h"

#define TAGS_FOLDER "refs/tags"

static enum status pack_tags(struct store *store, const struct loose_refs *loose, struct error *err)
{
    struct packed_ref *packed OWNED(memory_release) = NULL;
    TRY(memory_new(&packed, loose->count, sizeof(*packed), err));
    for (size_t i = 0; i < loose->count; i++) {
        packed[i].name = loose->items[i].name;
        packed[i].name_bytes = strlen(loose->items[i].name);
        packed[i].oid = loose->items[i].oid;
        TRY(store_object_peel(store, &packed[i].oid, &packed[i].peeled, err));
    }
    return packed_refs_add(store->path, packed, loose->count, err);
}

// The folders that only this tag kept, up to refs/tags. One that is not empty stops it.
static void remove_folders(char *path, size_t keep_bytes)
{
    for (char *slash = strrchr(path, '/'); slash && (size_t)(slash - path) > keep_bytes;
         slash = strrchr(path, '/')) {
        *slash = '\0';
        if (rmdir(path) != 0)
            return;
    }
}

static enum status remove_loose(const struct store *store, const struct loose_ref *ref,
                                struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct oid now;
    TRY(loose_refs_find(store->path, ref->name, &now, err));
    if (!oid_equal(&now, &ref->oid)) // somebody moved it meanwhile
        return STATUS_OK;
    TRY(file_join(&path, store->path, ref->name, err));
    if (unlink(path) != 0)
        return error_errno(err, "cannot remove", path);
    remove_folders(path, strlen(store->path) + 1 + strlen(TAGS_FOLDER));
    return STATUS_OK;
}

enum status tidy_tags(struct store *store, struct error *err)
{
    struct loose_refs loose OWNED(loose_refs_release) = { 0 };
    TRY(loose_refs_read(&loose, store->path, TAGS_FOLDER, err));
    if (loose.count <= TIDY_LOOSE_TAGS)
        return STATUS_OK;
    TRY(pack_tags(store, &loose, err));
    for (size_t i = 0; i < loose.count; i++)
        TRY(remove_loose(store, &loose.items[i], err));
    return STATUS_OK;
}
