// A library to be preloaded: stands before the calls that change files, so that tests can let any
// of them fail, kill the process there, or record what it wrote (fault.h).
#include "fault.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

// The function of that name that would have been called without this library. (The detour over
// memcpy is because C has no cast from an object's address to a function's.)
#define NEXT(function)                                                                             \
    ({                                                                                             \
        __typeof__(&(function)) next_;                                                             \
        void *address_ = dlsym(RTLD_NEXT, #function);                                              \
        memcpy(&next_, &address_, sizeof(next_));                                                  \
        next_;                                                                                     \
    })

// Room for a call's paths, which fault_call borrows.
struct paths {
    char path[PATH_MAX];
    char from[PATH_MAX];
};

static bool is_inside(const char *path)
{
    const char *folder = getenv("GREENROOM_FAULT_FOLDER");
    if (!folder || !*folder)
        return false;
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0') &&
           !strstr(path, " (deleted)"); // what has no name any more cannot survive
}

// The path of an open file or folder.
static void path_of(int fd, char out[PATH_MAX])
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    out[length > 0 ? length : 0] = '\0';
}

// The absolute path that `path` stands for, its last part taken as it is.
static void resolve(int folder, const char *path, char out[PATH_MAX])
{
    char base[PATH_MAX] = "";
    char whole[2 * PATH_MAX];
    char real[PATH_MAX];
    if (path[0] != '/' && folder == AT_FDCWD)
        (void)!getcwd(base, sizeof(base));
    else if (path[0] != '/')
        path_of(folder, base);
    snprintf(whole, sizeof(whole), "%s%s%s", base, path[0] == '/' ? "" : "/", path);
    size_t length = strlen(whole);
    while (length > 1 && whole[length - 1] == '/') // a folder may be named with one behind it
        whole[--length] = '\0';
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    if (realpath(*whole ? whole : "/", real))
        snprintf(out, PATH_MAX, "%.*s/%.*s", PATH_MAX / 2, real, PATH_MAX / 2 - 2, slash + 1);
    else
        snprintf(out, PATH_MAX, "%.*s", PATH_MAX - 1, slash + 1);
}

static struct fault_call on_path(enum fault_kind kind, const char *name, int folder,
                                 const char *path, struct paths *paths)
{
    int kept = errno;
    resolve(folder, path, paths->path);
    struct fault_call call = { .kind = kind, .name = name, .path = paths->path, .from = "" };
    call.is_inside = is_inside(paths->path);
    errno = kept;
    return call;
}

static struct fault_call on_fd(enum fault_kind kind, const char *name, int fd, struct paths *paths)
{
    int kept = errno;
    path_of(fd, paths->path);
    struct fault_call call = {
        .kind = kind, .name = name, .path = paths->path, .from = "", .fd = fd, .takes_space = true
    };
    call.is_inside = is_inside(paths->path);
    errno = kept;
    return call;
}

// --- opening ---

static bool opens_for_change(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_ACCMODE) != O_RDONLY;
}

static struct fault_call on_open(int folder, const char *path, int flags, struct paths *paths)
{
    int kept = errno;
    if (!opens_for_change(flags))
        return (struct fault_call) { 0 };
    struct fault_call call = on_path(FAULT_OPEN, "open", folder, path, paths);
    call.takes_space = (flags & O_CREAT) && faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    call.truncates = (flags & O_TRUNC) != 0;
    errno = kept;
    return call;
}

#define MODE_OF(flags)                                                                             \
    ({                                                                                             \
        mode_t mode_ = 0;                                                                          \
        if ((flags) & (O_CREAT | O_TMPFILE)) {                                                     \
            va_list rest_;                                                                         \
            va_start(rest_, flags);                                                                \
            mode_ = va_arg(rest_, mode_t);                                                         \
            va_end(rest_);                                                                         \
        }                                                                                          \
        mode_;                                                                                     \
    })

// Does what a call is for unless it is to fail, and records it; yields what it returned.
#define DO(call, expression)                                                                       \
    ({                                                                                             \
        __typeof__(expression) result_ = -1;                                                       \
        if (fault_meet(&(call)) != FAULT_FAIL)                                                     \
            result_ = (expression);                                                                \
        if (result_ >= 0)                                                                          \
            fault_record_done(&(call), (call).length);                                             \
        result_;                                                                                   \
    })

int open(const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    struct paths paths;
    struct fault_call call = on_open(AT_FDCWD, path, flags, &paths);
    return DO(call, NEXT(open)(path, flags, mode));
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    struct paths paths;
    struct fault_call call = on_open(AT_FDCWD, path, flags, &paths);
    return DO(call, NEXT(open64)(path, flags, mode));
}

int openat(int folder, const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    struct paths paths;
    struct fault_call call = on_open(folder, path, flags, &paths);
    return DO(call, NEXT(openat)(folder, path, flags, mode));
}

int openat64(int folder, const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    struct paths paths;
    struct fault_call call = on_open(folder, path, flags, &paths);
    return DO(call, NEXT(openat64)(folder, path, flags, mode));
}

// --- writing ---

// Where a write goes that names no place.
static off_t place_of(int fd)
{
    int kept = errno;
    struct stat info;
    int flags = fcntl(fd, F_GETFL);
    off_t place = lseek(fd, 0, SEEK_CUR);
    if (flags >= 0 && (flags & O_APPEND) && fstat(fd, &info) == 0)
        place = info.st_size;
    errno = kept;
    return place;
}

static struct fault_call on_write(const char *name, int fd, const void *bytes, size_t length,
                                  off_t offset, struct paths *paths)
{
    struct fault_call call = on_fd(FAULT_WRITE, name, fd, paths);
    call.bytes = bytes;
    call.length = length;
    call.offset = call.is_inside && offset < 0 ? place_of(fd) : offset;
    return call;
}

// How much of it is to be written; -1: none, it fails.
static ssize_t meet_write(struct fault_call *call)
{
    enum fault_verdict verdict = fault_meet(call);
    if (verdict == FAULT_FAIL)
        return -1;
    return (ssize_t)(verdict == FAULT_SHORT ? call->length / 2 : call->length);
}

static ssize_t finish_write(const struct fault_call *call, ssize_t done)
{
    if (done > 0)
        fault_record_done(call, (size_t)done);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    struct paths paths;
    struct fault_call call = on_write("write", fd, bytes, length, -1, &paths);
    ssize_t allowed = meet_write(&call);
    return allowed < 0 ? -1 : finish_write(&call, NEXT(write)(fd, bytes, (size_t)allowed));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    struct paths paths;
    struct fault_call call = on_write("pwrite", fd, bytes, length, offset, &paths);
    ssize_t allowed = meet_write(&call);
    return allowed < 0 ? -1 : finish_write(&call, NEXT(pwrite)(fd, bytes, (size_t)allowed, offset));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    struct paths paths;
    struct fault_call call = on_write("pwrite", fd, bytes, length, offset, &paths);
    ssize_t allowed = meet_write(&call);
    return allowed < 0 ? -1
                       : finish_write(&call, NEXT(pwrite64)(fd, bytes, (size_t)allowed, offset));
}

// Written piece by piece, so that what was written can be recorded like any other write.
ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = pieces[i].iov_len ? write(fd, pieces[i].iov_base, pieces[i].iov_len) : 0;
        if (done < 0)
            return total > 0 ? total : -1;
        total += done;
        if ((size_t)done < pieces[i].iov_len)
            break;
    }
    return total;
}

static struct fault_call on_resize(const char *name, int fd, off_t length, struct paths *paths)
{
    struct fault_call call = on_fd(FAULT_RESIZE, name, fd, paths);
    call.length = (size_t)length;
    return call;
}

int ftruncate(int fd, off_t length)
{
    struct paths paths;
    struct fault_call call = on_resize("truncate", fd, length, &paths);
    return DO(call, NEXT(ftruncate)(fd, length));
}

int ftruncate64(int fd, off64_t length)
{
    struct paths paths;
    struct fault_call call = on_resize("truncate", fd, length, &paths);
    return DO(call, NEXT(ftruncate64)(fd, length));
}

// An allocation never makes a file shorter.
static off_t grown(int fd, off_t length)
{
    struct stat info;
    return fstat(fd, &info) == 0 && info.st_size > length ? info.st_size : length;
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    struct paths paths;
    struct fault_call call = on_resize("allocate", fd, grown(fd, offset + length), &paths);
    return DO(call, NEXT(fallocate)(fd, mode, offset, length));
}

// These say what went wrong by what they return.
int posix_fallocate(int fd, off_t offset, off_t length)
{
    struct paths paths;
    struct fault_call call = on_resize("allocate", fd, grown(fd, offset + length), &paths);
    int code = 0;
    int result = DO(call, (code = NEXT(posix_fallocate)(fd, offset, length)) == 0 ? 0 : -1);
    return result == 0 ? 0 : code ? code : errno;
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    return posix_fallocate(fd, offset, length);
}

int fsync(int fd)
{
    struct paths paths;
    struct fault_call call = on_fd(FAULT_SYNC, "fsync", fd, &paths);
    return DO(call, NEXT(fsync)(fd));
}

int fdatasync(int fd)
{
    struct paths paths;
    struct fault_call call = on_fd(FAULT_SYNC, "fsync", fd, &paths);
    return DO(call, NEXT(fdatasync)(fd));
}

int syncfs(int fd)
{
    struct paths paths;
    struct fault_call call = on_fd(FAULT_SYNC_ALL, "syncfs", fd, &paths);
    return DO(call, NEXT(syncfs)(fd));
}

int fchmod(int fd, mode_t mode)
{
    struct paths paths;
    struct fault_call call = on_fd(FAULT_MODE, "chmod", fd, &paths);
    call.takes_space = false;
    return DO(call, NEXT(fchmod)(fd, mode));
}

// --- names ---

// A call that gives a file a new name.
static struct fault_call on_names(enum fault_kind kind, const char *name, int from_folder,
                                  const char *from, int to_folder, const char *to,
                                  struct paths *paths)
{
    int kept = errno;
    struct fault_call call = on_path(kind, name, to_folder, to, paths);
    resolve(from_folder, from, paths->from);
    call.from = paths->from;
    call.takes_space = true;
    errno = kept;
    return call;
}

int rename(const char *from, const char *to)
{
    struct paths paths;
    struct fault_call call = on_names(FAULT_RENAME, "rename", AT_FDCWD, from, AT_FDCWD, to, &paths);
    return DO(call, NEXT(rename)(from, to));
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    struct paths paths;
    struct fault_call call =
        on_names(FAULT_RENAME, "rename", from_folder, from, to_folder, to, &paths);
    return DO(call, NEXT(renameat)(from_folder, from, to_folder, to));
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    struct paths paths;
    struct fault_call call =
        on_names(FAULT_RENAME, "rename", from_folder, from, to_folder, to, &paths);
    return DO(call, NEXT(renameat2)(from_folder, from, to_folder, to, flags));
}

int link(const char *from, const char *to)
{
    struct paths paths;
    struct fault_call call = on_names(FAULT_LINK, "link", AT_FDCWD, from, AT_FDCWD, to, &paths);
    return DO(call, NEXT(link)(from, to));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    struct paths paths;
    struct fault_call call = on_names(FAULT_LINK, "link", from_folder, from, to_folder, to, &paths);
    return DO(call, NEXT(linkat)(from_folder, from, to_folder, to, flags));
}

int unlink(const char *path)
{
    struct paths paths;
    struct fault_call call = on_path(FAULT_UNLINK, "unlink", AT_FDCWD, path, &paths);
    return DO(call, NEXT(unlink)(path));
}

int unlinkat(int folder, const char *path, int flags)
{
    struct paths paths;
    struct fault_call call = on_path((flags & AT_REMOVEDIR) ? FAULT_REMOVE_FOLDER : FAULT_UNLINK,
                                     "unlink", folder, path, &paths);
    return DO(call, NEXT(unlinkat)(folder, path, flags));
}

int remove(const char *path)
{
    struct paths paths;
    struct fault_call call = on_path(FAULT_UNLINK, "unlink", AT_FDCWD, path, &paths);
    return DO(call, NEXT(remove)(path));
}

int rmdir(const char *path)
{
    struct paths paths;
    struct fault_call call = on_path(FAULT_REMOVE_FOLDER, "rmdir", AT_FDCWD, path, &paths);
    return DO(call, NEXT(rmdir)(path));
}

// Making what is there already changes nothing.
static struct fault_call on_mkdir(int folder, const char *path, struct paths *paths)
{
    int kept = errno;
    struct fault_call call = on_path(FAULT_MAKE_FOLDER, "mkdir", folder, path, paths);
    call.takes_space = true;
    call.is_inside &= faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    errno = kept;
    return call;
}

int mkdir(const char *path, mode_t mode)
{
    struct paths paths;
    struct fault_call call = on_mkdir(AT_FDCWD, path, &paths);
    return DO(call, NEXT(mkdir)(path, mode));
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    struct paths paths;
    struct fault_call call = on_mkdir(folder, path, &paths);
    return DO(call, NEXT(mkdirat)(folder, path, mode));
}
