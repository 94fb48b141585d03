// What killed writers left.
#include "store/tidy.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/folder_names.h"
#include "store/lock_file.h"
#include "store/store_internal.h"

// A pack without its index may be stock git's, which shows the pack first. It takes an instant.
#define HALF_PACK_STALE_MS 3600000

// Removes `folder`/`name` if it is as old as that.
static enum status remove_old(const char *folder, const char *name, int64_t age_ms,
                              struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct stat info;
    struct timespec now;
    TRY(file_join(&path, folder, name, err));
    if (stat(path, &info) != 0)
        return errno == ENOENT ? STATUS_OK : error_errno(err, "cannot read", path);
    clock_gettime(CLOCK_REALTIME, &now);
    if (age_ms > 0 && (int64_t)(now.tv_sec - info.st_mtim.tv_sec) * 1000 < age_ms)
        return STATUS_OK;
    if (unlink(path) != 0 && errno != ENOENT)
        return error_errno(err, "cannot remove", path);
    return STATUS_OK;
}

static enum status remove_half_pack(const char *folder, const struct folder_names *names,
                                    const char *name, struct error *err)
{
    size_t index_stem = folder_names_stem(name, ".idx");
    size_t pack_stem = folder_names_stem(name, ".pack");
    if (strcmp(name, STORE_TEMPORARY_PACK) == 0 || strcmp(name, STORE_TEMPORARY_INDEX) == 0)
        return remove_old(folder, name, 0, err);
    if (strncmp(name, "pack-", 5) != 0)
        return STATUS_OK;
    if (index_stem > 0 && !folder_names_has(names, name, index_stem, ".pack"))
        return remove_old(folder, name, 0, err); // ours: stock git leaves none
    if (pack_stem > 0 && !folder_names_has(names, name, pack_stem, ".idx"))
        return remove_old(folder, name, HALF_PACK_STALE_MS, err);
    return STATUS_OK;
}

static enum status remove_locks(const char *folder, struct error *err)
{
    struct folder_names names OWNED(folder_names_release) = { 0 };
    TRY(folder_names_read(&names, folder, err));
    for (size_t i = 0; i < names.count; i++)
        if (folder_names_stem(names.items[i], ".lock") > 0)
            TRY(remove_old(folder, names.items[i], LOCK_FILE_STALE_MS, err));
    return STATUS_OK;
}

enum status tidy_leftovers(struct store *store, struct error *err)
{
    struct folder_names names OWNED(folder_names_release) = { 0 };
    char *heads OWNED(memory_release) = NULL;
    TRY(folder_names_read(&names, store->pack_folder, err));
    for (size_t i = 0; i < names.count; i++)
        TRY(remove_half_pack(store->pack_folder, &names, names.items[i], err));
    TRY(file_join(&heads, store->path, "refs/heads", err));
    TRY(remove_locks(heads, err));
    return remove_locks(store->path, err);
}

enum status tidy_store(struct store *store, struct error *err)
{
    bool merged = false;
    TRY(tidy_packs(store, &merged, err));
    return merged ? tidy_tags(store, err) : STATUS_OK;
}
