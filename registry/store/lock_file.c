// A file replaced by git's protocol.
#include "store/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#define LOCK_POLL_MS 5

void lock_file_release(struct lock_file *lock)
{
    if (lock->fd >= 0)
        unlink(lock->lock_path);
    file_close(&lock->fd);
    free(lock->path);
    free(lock->lock_path);
    *lock = LOCK_FILE_NONE;
}

static bool is_stale(const char *lock_path)
{
    struct stat info;
    struct timespec now;
    if (stat(lock_path, &info) != 0)
        return false;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age_ms = (int64_t)(now.tv_sec - info.st_mtim.tv_sec) * 1000 +
                     (now.tv_nsec - info.st_mtim.tv_nsec) / 1000000;
    return age_ms > LOCK_FILE_STALE_MS;
}

static enum status create(int *out_fd, const char *lock_path, struct error *err)
{
    int64_t patience = clock_monotonic_ms() + LOCK_FILE_PATIENCE_MS;
    int64_t deadline = patience + LOCK_FILE_PATIENCE_MS;
    while (clock_monotonic_ms() < deadline) {
        int fd = open(lock_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd >= 0) {
            *out_fd = fd;
            return STATUS_OK;
        }
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(err, STATUS_NOT_FOUND, "folder_not_found", "%s: there is no folder",
                             lock_path);
        if (errno != EEXIST)
            return error_errno(err, "cannot create", lock_path);
        if (is_stale(lock_path) || clock_monotonic_ms() >= patience)
            unlink(lock_path);
        else
            nanosleep(&(struct timespec) { .tv_nsec = LOCK_POLL_MS * 1000000L }, NULL);
    }
    error_set(err, STATUS_CONFLICT, "locked", "%s: other processes go on writing here", lock_path);
    return error_hint(err, "wait for them to end, then try again");
}

enum status lock_file_take(struct lock_file *lock, const char *path, struct error *err)
{
    struct lock_file taken OWNED(lock_file_release) = LOCK_FILE_NONE;
    struct buffer lock_path OWNED(buffer_release) = { 0 };
    buffer_append_format(&lock_path, "%s.lock", path);
    TRY(buffer_check(&lock_path, err));
    TRY(memory_copy_string(&taken.path, path, err));
    taken.lock_path = buffer_detach(&lock_path);
    TRY(create(&taken.fd, taken.lock_path, err));
    *lock = taken;
    taken = LOCK_FILE_NONE;
    return STATUS_OK;
}

static enum status sync_parent(const char *path, struct error *err)
{
    struct buffer folder OWNED(buffer_release) = { 0 };
    buffer_append(&folder, path, (size_t)(strrchr(path, '/') - path));
    TRY(buffer_check(&folder, err));
    return file_sync_folder(folder.bytes, err);
}

enum status lock_file_commit(struct lock_file *lock, const void *bytes, size_t length,
                             struct error *err)
{
    TRY(file_write_all(lock->fd, bytes, length, lock->lock_path, err));
    if (fsync(lock->fd) != 0)
        return error_errno(err, "cannot sync", lock->lock_path);
    if (rename(lock->lock_path, lock->path) != 0)
        return error_errno(err, "cannot replace", lock->path);
    file_close(&lock->fd);
    return sync_parent(lock->path, err);
}
