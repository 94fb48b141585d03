// A library to be preloaded into a server: what goes wrong outside it, and is mended again while it
// runs. Each fault lasts as long as a file is there; only stat() is asked for it, which a confined
// process may do everywhere.
//
//   GREENROOM_OUTSIDE_FULL    while this file is there no regular file takes a byte (ENOSPC)
//   GREENROOM_OUTSIDE_CLOCK   while this file is there the clock shows the time of its last change
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset);

// C has no cast from an object's address to a function's.
static void find_next(void *out_function, size_t size, const char *name)
{
    void *address = dlsym(RTLD_NEXT, name);
    memcpy(out_function, &address, size);
}

static bool ask(const char *variable, struct stat *out)
{
    const char *path = getenv(variable);
    int before = errno;
    bool is_there = path && stat(path, out) == 0;
    errno = before;
    return is_there;
}

static bool is_full(int fd)
{
    struct stat status;
    if (!ask("GREENROOM_OUTSIDE_FULL", &status) || fstat(fd, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    errno = ENOSPC;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    ssize_t (*next)(int, const void *, size_t);
    find_next(&next, sizeof(next), "write");
    return is_full(fd) ? -1 : next(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    ssize_t (*next)(int, const void *, size_t, off_t);
    find_next(&next, sizeof(next), "pwrite");
    return is_full(fd) ? -1 : next(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset)
{
    return pwrite(fd, bytes, length, offset);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    struct stat status;
    int (*next)(clockid_t, struct timespec *);
    find_next(&next, sizeof(next), "clock_gettime");
    int result = next(clock, out);
    if (result == 0 && clock == CLOCK_REALTIME && ask("GREENROOM_OUTSIDE_CLOCK", &status))
        *out = status.st_mtim;
    return result;
}

time_t time(time_t *out)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
