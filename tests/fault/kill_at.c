// A library to be preloaded: ends the process with SIGKILL at the k-th call that changes a file
// below one folder, so that tests can stop a writer at any instant; or only notes those calls.
//
//   GREENROOM_FAULT_FOLDER   the folder, absolute and without links; unset: nothing is done
//   GREENROOM_FAULT_AT       k, from 1 on: killed before the k-th call; unset or 0: never
//   GREENROOM_FAULT_TORN     if set and the k-th call writes bytes, it writes half of them first
//   GREENROOM_FAULT_TRACE    a file to which each call is appended: "<number> <call> <path>", for a
//                            rename or a link with the old path behind it
//
// A child process counts for itself.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
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

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static long next_number(void)
{
    static atomic_long count;
    return atomic_fetch_add(&count, 1) + 1;
}

static void note(long number, const char *call, const char *path, const char *from)
{
    char line[2 * PATH_MAX + 64];
    const char *trace = getenv("GREENROOM_FAULT_TRACE");
    if (!trace)
        return;
    int length =
        snprintf(line, sizeof(line), "%ld %s %s%s%s\n", number, call, path, *from ? " " : "", from);
    // By system call: these must not be counted.
    long fd = syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)!syscall(SYS_write, fd, line, (size_t)length);
    syscall(SYS_close, fd);
}

static bool is_inside(const char *path)
{
    const char *folder = getenv("GREENROOM_FAULT_FOLDER");
    if (!folder || !*folder)
        return false;
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

// Counts a call on an absolute path; whether it is the one to die at. `from`: a rename's old path,
// or
// "".
static bool is_last(const char *call, const char *path, const char *from)
{
    const char *at = getenv("GREENROOM_FAULT_AT");
    if (!is_inside(path))
        return false;
    long number = next_number();
    note(number, call, path, from);
    return at && strtol(at, NULL, 10) == number;
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
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    if (realpath(*whole ? whole : "/", real))
        snprintf(out, PATH_MAX, "%.*s/%.*s", PATH_MAX / 2, real, PATH_MAX / 2 - 2, slash + 1);
    else
        snprintf(out, PATH_MAX, "%.*s", PATH_MAX - 1, slash + 1);
}

static void pass_path(const char *call, int folder, const char *path)
{
    int kept = errno;
    char whole[PATH_MAX];
    resolve(folder, path, whole);
    if (is_last(call, whole, ""))
        die();
    errno = kept;
}

// A call that gives a file a new name.
static void pass_name(const char *call, int from_folder, const char *from, int to_folder,
                      const char *to)
{
    int kept = errno;
    char whole[PATH_MAX];
    char before[PATH_MAX];
    resolve(to_folder, to, whole);
    resolve(from_folder, from, before);
    if (is_last(call, whole, before))
        die();
    errno = kept;
}

static void pass_fd(const char *call, int fd)
{
    int kept = errno;
    char whole[PATH_MAX];
    path_of(fd, whole);
    if (is_last(call, whole, ""))
        die();
    errno = kept;
}

// A call that writes `length` bytes at `offset` (-1: where the file stands).
static void pass_write(const char *call, int fd, const void *bytes, size_t length, off_t offset)
{
    int kept = errno;
    char whole[PATH_MAX];
    path_of(fd, whole);
    if (is_last(call, whole, "")) {
        if (getenv("GREENROOM_FAULT_TORN") && offset >= 0)
            (void)!syscall(SYS_pwrite64, fd, bytes, length / 2, offset);
        else if (getenv("GREENROOM_FAULT_TORN"))
            (void)!syscall(SYS_write, fd, bytes, length / 2);
        die();
    }
    errno = kept;
}

static bool opens_for_change(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
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

int open(const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    if (opens_for_change(flags))
        pass_path("open", AT_FDCWD, path);
    return NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    if (opens_for_change(flags))
        pass_path("open", AT_FDCWD, path);
    return NEXT(open64)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    if (opens_for_change(flags))
        pass_path("open", folder, path);
    return NEXT(openat)(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    mode_t mode = MODE_OF(flags);
    if (opens_for_change(flags))
        pass_path("open", folder, path);
    return NEXT(openat64)(folder, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    pass_write("write", fd, bytes, length, -1);
    return NEXT(write)(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    pass_write("pwrite", fd, bytes, length, offset);
    return NEXT(pwrite)(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    pass_write("pwrite", fd, bytes, length, offset);
    return NEXT(pwrite64)(fd, bytes, length, offset);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    pass_fd("writev", fd);
    return NEXT(writev)(fd, pieces, count);
}

int rename(const char *from, const char *to)
{
    pass_name("rename", AT_FDCWD, from, AT_FDCWD, to);
    return NEXT(rename)(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    pass_name("rename", from_folder, from, to_folder, to);
    return NEXT(renameat)(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    pass_name("rename", from_folder, from, to_folder, to);
    return NEXT(renameat2)(from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to)
{
    pass_name("link", AT_FDCWD, from, AT_FDCWD, to);
    return NEXT(link)(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    pass_name("link", from_folder, from, to_folder, to);
    return NEXT(linkat)(from_folder, from, to_folder, to, flags);
}

int unlink(const char *path)
{
    pass_path("unlink", AT_FDCWD, path);
    return NEXT(unlink)(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    pass_path("unlink", folder, path);
    return NEXT(unlinkat)(folder, path, flags);
}

int remove(const char *path)
{
    pass_path("unlink", AT_FDCWD, path);
    return NEXT(remove)(path);
}

int rmdir(const char *path)
{
    pass_path("rmdir", AT_FDCWD, path);
    return NEXT(rmdir)(path);
}

// Making what is there already changes nothing.
static void pass_mkdir(int folder, const char *path)
{
    if (faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
        pass_path("mkdir", folder, path);
}

int mkdir(const char *path, mode_t mode)
{
    pass_mkdir(AT_FDCWD, path);
    return NEXT(mkdir)(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    pass_mkdir(folder, path);
    return NEXT(mkdirat)(folder, path, mode);
}

int fsync(int fd)
{
    pass_fd("fsync", fd);
    return NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
    pass_fd("fsync", fd);
    return NEXT(fdatasync)(fd);
}

int ftruncate(int fd, off_t length)
{
    pass_fd("truncate", fd);
    return NEXT(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    pass_fd("truncate", fd);
    return NEXT(ftruncate64)(fd, length);
}

int fchmod(int fd, mode_t mode)
{
    pass_fd("chmod", fd);
    return NEXT(fchmod)(fd, mode);
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
    pass_fd("allocate", fd);
    return NEXT(posix_fallocate)(fd, offset, length);
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    pass_fd("allocate", fd);
    return NEXT(posix_fallocate64)(fd, offset, length);
}
