// Files and folders.
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_replace.h"
#include "base/memory.h"

#define LOCK_POLL_FIRST_US 200
#define LOCK_POLL_LAST_US 5000
#define REMOVE_MAX_DEPTH 256 // deeper than any folder that we make or unpack

// On the stack, where each page costs a fault: most of what is read here is smaller than this.
#define READ_CHUNK_BYTES (8 << 10)

void file_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

bool file_exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

enum status file_read_stream(struct buffer *out, int fd, const char *label, size_t limit_bytes,
                             struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    char chunk[READ_CHUNK_BYTES];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, "cannot read", label);
        if ((size_t)got > limit_bytes - bytes.length)
            return error_set(err, STATUS_TOO_LARGE, "file_too_large",
                             "%s: more than the %zu bytes allowed here", label, limit_bytes);
        buffer_append(&bytes, chunk, (size_t)got);
    }
    TRY(buffer_check(&bytes, err));
    buffer_append(out, bytes.bytes, bytes.length);
    return buffer_check(out, err);
}

enum status file_read(struct buffer *out, const char *path, size_t limit_bytes, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, STATUS_NOT_FOUND, "file_not_found", "%s: there is no such file",
                         path);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return error_errno(err, "cannot read", path);
    if (!S_ISREG(info.st_mode))
        return error_set(err, STATUS_INVALID, "file_not_regular", "%s: not a regular file", path);
    return file_read_stream(out, fd, path, limit_bytes, err);
}

enum status file_write_all(int fd, const void *bytes, size_t length, const char *path,
                           struct error *err)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t wrote = write(fd, from, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return error_errno(err, "cannot write", path);
        from += wrote;
        length -= (size_t)wrote;
    }
    return STATUS_OK;
}

enum status file_sync_folder(const char *path, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return error_errno(err, "cannot sync", path);
    return STATUS_OK;
}

struct bytes {
    const void *bytes;
    size_t length;
    const char *path;
};

static enum status write_bytes(void *context, int fd, struct error *err)
{
    const struct bytes *bytes = context;
    return file_write_all(fd, bytes->bytes, bytes->length, bytes->path, err);
}

enum status file_write_atomic(const char *path, const void *bytes, size_t length, unsigned mode,
                              struct error *err)
{
    struct bytes whole = { bytes, length, path };
    return file_replace(path, mode, write_bytes, &whole, err);
}

enum status file_make_folder(const char *path, struct error *err)
{
    if (mkdir(path, 0777) == 0)
        return STATUS_OK;
    if (errno == EEXIST)
        return error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
    return error_errno(err, "cannot make folder", path);
}

static enum status remove_entry(int parent, const char *name, int depth, struct error *err);

static enum status remove_entries(int folder, const char *name, int depth, struct error *err)
{
    DIR *entries = fdopendir(folder);
    if (!entries) {
        close(folder);
        return error_errno(err, "cannot read", name);
    }
    enum status status = STATUS_OK;
    struct dirent *entry;
    while (status == STATUS_OK && (entry = readdir(entries)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = remove_entry(dirfd(entries), entry->d_name, depth + 1, err);
    closedir(entries);
    return status;
}

static enum status remove_entry(int parent, const char *name, int depth, struct error *err)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return STATUS_OK;
    if ((errno != EISDIR && errno != EPERM) || depth > REMOVE_MAX_DEPTH)
        return error_errno(err, "cannot remove", name);
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return error_errno(err, "cannot remove", name);
    TRY(remove_entries(folder, name, depth, err));
    if (unlinkat(parent, name, AT_REMOVEDIR) != 0)
        return error_errno(err, "cannot remove", name);
    return STATUS_OK;
}

enum status file_remove_tree(const char *path, struct error *err)
{
    return remove_entry(AT_FDCWD, path, 0, err);
}

enum status file_join(char **out, const char *folder, const char *name, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    buffer_append_text(&path, folder);
    buffer_append_byte(&path, '/');
    buffer_append_text(&path, name);
    TRY(buffer_check(&path, err));
    *out = buffer_detach(&path);
    return STATUS_OK;
}

enum status file_lock_acquire(struct file_lock *lock, const char *folder, int timeout_ms,
                              struct error *err)
{
    int fd OWNED(file_close) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, "cannot open", folder);
    int64_t deadline = clock_monotonic_ms() + timeout_ms;
    long wait_us = LOCK_POLL_FIRST_US;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return error_errno(err, "cannot lock", folder);
        if (clock_monotonic_ms() >= deadline) {
            error_set(err, STATUS_CONFLICT, "locked", "%s: another process is writing here",
                      folder);
            return error_hint(err, "wait for it to end, then try again");
        }
        nanosleep(&(struct timespec) { .tv_nsec = wait_us * 1000 }, NULL);
        wait_us = wait_us * 2 > LOCK_POLL_LAST_US ? LOCK_POLL_LAST_US : wait_us * 2;
    }
    lock->fd = fd;
    fd = -1;
    return STATUS_OK;
}

void file_lock_release(struct file_lock *lock)
{
    file_close(&lock->fd);
}
