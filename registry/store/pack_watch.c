// Notices when a pack that lies there has become another.
#include "store/pack_watch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/folder_names.h"

#define HASH_BYTES 20
#define CHUNK_BYTES (64U << 10)

static void free_marks(struct pack_mark *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(marks[i].name);
    free(marks);
}

void pack_watch_release(struct pack_watch *watch)
{
    free_marks(watch->marks, watch->count);
    watch->marks = NULL;
    watch->count = 0;
}

static void release_hash(struct hash_stream **hash)
{
    if (*hash)
        (*hash)->free(*hash);
}

static enum status hash_file(struct hash_stream *hash, int fd, const char *path, off_t length,
                             struct error *err)
{
    char chunk[CHUNK_BYTES];
    off_t at = 0;
    while (at < length) {
        size_t wanted = length - at < (off_t)sizeof(chunk) ? (size_t)(length - at) : sizeof(chunk);
        ssize_t got = pread(fd, chunk, wanted, at);
        if (got <= 0)
            return error_errno(err, "cannot read", path);
        hash->update(hash, chunk, (size_t)got);
        at += got;
    }
    return STATUS_OK;
}

// Whether the file is what its last bytes say. One that cannot be read now is not known to be.
static bool is_sound(const struct pack_watch *watch, const char *path, off_t size)
{
    struct hash_stream *hash OWNED(release_hash) = NULL;
    uint8_t computed[HASH_STREAM_MAX_BYTES];
    uint8_t said[HASH_BYTES];
    struct error unheard;
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && size > HASH_BYTES && watch->new_hash(&hash, &unheard) == STATUS_OK &&
           hash_file(hash, fd, path, size - HASH_BYTES, &unheard) == STATUS_OK &&
           hash->finish(hash, computed, &unheard) == STATUS_OK &&
           pread(fd, said, HASH_BYTES, size - HASH_BYTES) == HASH_BYTES &&
           memcmp(computed, said, HASH_BYTES) == 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static const struct pack_mark *find(const struct pack_watch *watch, const char *name)
{
    size_t low = 0;
    size_t high = watch->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(watch->marks[middle].name, name);
        if (order == 0)
            return &watch->marks[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_pack(const char *name)
{
    return folder_names_stem(name, ".pack") > 0 || folder_names_stem(name, ".idx") > 0;
}

// Fills *out unless the file went away meanwhile, as it does when packs are merged.
static enum status mark(const struct pack_watch *watch, const char *folder, const char *name,
                        struct pack_mark *out, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    const struct pack_mark *before = find(watch, name);
    struct pack_mark now = { 0 };
    TRY(file_join(&path, folder, name, err));
    if (stat(path, &now.seen) != 0)
        return STATUS_OK;
    TRY(memory_copy_string(&now.name, name, err));
    if (before)
        now.is_damaged = is_same(&before->seen, &now.seen)
                             ? before->is_damaged
                             : !is_sound(watch, path, now.seen.st_size);
    *out = now;
    return STATUS_OK;
}

static enum status mark_all(struct pack_watch *watch, const char *folder,
                            const struct folder_names *names, struct error *err)
{
    struct pack_mark *marks = NULL;
    size_t count = 0;
    enum status status = memory_new(&marks, names->count, sizeof(*marks), err);
    for (size_t i = 0; status == STATUS_OK && i < names->count; i++) {
        if (is_pack(names->items[i]))
            status = mark(watch, folder, names->items[i], &marks[count], err);
        count += marks[count].name != NULL;
    }
    if (status != STATUS_OK) {
        free_marks(marks, count);
        return status;
    }
    pack_watch_release(watch);
    watch->marks = marks;
    watch->count = count;
    return STATUS_OK;
}

enum status pack_watch_look(struct pack_watch *watch, const char *folder, struct error *err)
{
    struct folder_names names OWNED(folder_names_release) = { 0 };
    TRY(folder_names_read(&names, folder, err));
    if (names.count == 0) // the folder is gone: what is known of its packs still holds
        return STATUS_OK;
    TRY(mark_all(watch, folder, &names, err));
    for (size_t i = 0; i < watch->count; i++) {
        if (!watch->marks[i].is_damaged)
            continue;
        error_set(err, STATUS_DAMAGED, "pack_damaged",
                  "the pack '%s' of the store is not what it was", watch->marks[i].name);
        return error_hint(err, "put it back from a backup; `greenroom verify` says what it held");
    }
    return STATUS_OK;
}
