// Makes an environment's folder whole or not at all.
#include "release/building.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/access_key.h"

#define SYNC_OPEN_FOLDERS 16 // a repository is 3 deep

static int sync_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info, (void)type, (void)place;
    int fd OWNED(file_close) = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? fd : fsync(fd);
}

// libgit2 makes a repository without syncing it. The environment is closed by now: to close another
// descriptor of the ledger's file would let go of SQLite's locks on it.
static enum status sync_tree(const char *folder, struct error *err)
{
    if (nftw(folder, sync_entry, SYNC_OPEN_FOLDERS, FTW_PHYS) != 0)
        return error_errno(err, "cannot sync", folder);
    return STATUS_OK;
}

static enum status put_in_place(const char *building, const char *path, struct error *err)
{
    char *parent OWNED(memory_release) = NULL;
    if (rename(building, path) != 0)
        return error_errno(err, "cannot make", path);
    TRY(file_join(&parent, path, "..", err));
    return file_sync_folder(parent, err);
}

enum status building_make(const char *path, building_fill fill, void *context, struct error *err)
{
    char unique[ACCESS_KEY_ENVIRONMENT_BYTES]; // no two builders, nor what a dead one left, meet
    struct buffer building OWNED(buffer_release) = { 0 };
    TRY(access_key_make_environment_id(unique, err));
    if (file_exists(path) && rmdir(path) != 0) { // an empty folder is taken over
        error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
        return error_hint(err, "name a folder that does not exist yet, or is empty");
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    buffer_append(&building, path, length);
    buffer_append_format(&building, ".new-%s", unique);
    TRY(buffer_check(&building, err));
    TRY(file_make_folder(building.bytes, err));
    enum status status = fill(context, building.bytes, err);
    if (status == STATUS_OK)
        status = sync_tree(building.bytes, err);
    if (status == STATUS_OK)
        status = put_in_place(building.bytes, path, err);
    if (status != STATUS_OK) {
        struct error ignored;
        (void)file_remove_tree(building.bytes, &ignored);
    }
    return status;
}
