// Files and folders: whole reads within a limit, atomic durable writes, one lock per folder.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// Cleanup for a descriptor declared as `int fd OWNED(file_close) = -1;`.
void file_close(int *fd);

bool file_exists(const char *path);
bool file_is_folder(const char *path);

// Reads a whole regular file; STATUS_TOO_LARGE over `limit_bytes`, STATUS_NOT_FOUND, STATUS_IO.
enum status file_read(struct buffer *out, const char *path, size_t limit_bytes, struct error *err);

// Reads an open descriptor (borrowed), a pipe as well, to its end; `label` names it in messages.
enum status file_read_stream(struct buffer *out, int fd, const char *label, size_t limit_bytes,
                             struct error *err);

// Writes everything or says why not (retries short writes and EINTR).
enum status file_write_all(int fd, const void *bytes, size_t length, const char *path,
                           struct error *err);

// Replaces `path` by these bytes: a reader sees the old file or the whole new one, and after
// STATUS_OK it survives power loss (file and folder are fsynced).
enum status file_write_atomic(const char *path, const void *bytes, size_t length, unsigned mode,
                              struct error *err);

// Makes one folder; STATUS_CONFLICT if there is something already.
enum status file_make_folder(const char *path, struct error *err);

enum status file_sync_folder(const char *path, struct error *err);

// Removes a file or a whole folder, never following links. No error if it is not there.
enum status file_remove_tree(const char *path, struct error *err);

// "<folder>/<name>" on the heap; the caller frees it.
enum status file_join(char **out, const char *folder, const char *name, struct error *err);

// The exclusive lock of a folder, held by a process (flock(2) on the folder itself, so nothing is
// left behind when its holder dies). STATUS_CONFLICT after `timeout_ms`.
struct file_lock {
    int fd; // -1: not held
};
#define FILE_LOCK_NONE ((struct file_lock) { .fd = -1 })

enum status file_lock_acquire(struct file_lock *lock, const char *folder, int timeout_ms,
                              struct error *err);
void file_lock_release(struct file_lock *lock);
