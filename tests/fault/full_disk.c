// A library to be preloaded: tells that a disk is full, so that tests need none that is.
//
//   GREENROOM_FAULT_FOLDER   the folder below which there is no room, absolute; unset: nothing is
//   done
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

int statvfs(const char *path, struct statvfs *out);

int statvfs(const char *path, struct statvfs *out)
{
    int (*next)(const char *path, struct statvfs *out);
    void *address = dlsym(RTLD_NEXT, "statvfs");
    char whole[PATH_MAX];
    const char *folder = getenv("GREENROOM_FAULT_FOLDER");
    memcpy(&next, &address, sizeof(next)); // C has no cast from an object's address to a function's
    int result = next(path, out);
    if (result == 0 && folder && realpath(path, whole) &&
        strncmp(whole, folder, strlen(folder)) == 0)
        out->f_bavail = 0;
    return result;
}
