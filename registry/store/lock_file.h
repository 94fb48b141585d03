// A file replaced by git's protocol: written as "<path>.lock", which keeps other writers out, ours
// and stock git's, then moved over the old one.
#pragma once

#include <stddef.h>

#include "base/error.h"

// Callers hold the environment's lock, so a lock file in the way was left by one of us that died,
// or is stock git's. git writes at once what it has ready and renames: a lock this old is nobody's.
#define LOCK_FILE_STALE_MS 1000

// Nor is one that is still there after so long, whatever its date says: clocks are set back.
#define LOCK_FILE_PATIENCE_MS 2000

// Starts as LOCK_FILE_NONE.
struct lock_file {
    int fd;
    char *path; // of the file to be replaced
    char *lock_path;
};
#define LOCK_FILE_NONE ((struct lock_file) { .fd = -1 })

// Gives the lock up, and what was not committed.
void lock_file_release(struct lock_file *lock);

// Takes the lock; one that was left behind is removed. STATUS_CONFLICT, code "locked", when
// somebody holds it. The folder must be there: STATUS_NOT_FOUND when it is not.
enum status lock_file_take(struct lock_file *lock, const char *path, struct error *err);

// Replaces the file by these bytes and gives the lock up; after STATUS_OK they survive power loss.
enum status lock_file_commit(struct lock_file *lock, const void *bytes, size_t length,
                             struct error *err);
