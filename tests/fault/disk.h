// A model of a disk with a cache: what was written and what of it is safe. Names stand in folders,
// bytes in files; each changes at once for whoever looks, and on the disk when it is synced.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct disk;

// What survives of what was not synced.
enum disk_loss {
    DISK_LOSE_ALL,   // nothing
    DISK_LOSE_BYTES, // names, but no bytes: files are empty or as they were
    DISK_LOSE_NAMES, // bytes, but no names
    DISK_LOSE_SOME, // by lot: of a folder's changes the first few, of a file's writes some, or half
};

// The disk as a folder on a real one is now; all of it is safe.
enum status disk_load(struct disk **out, const char *folder, struct error *err);
void disk_free(struct disk *disk);
void disk_release(struct disk **disk); // for OWNED

// Changes, at paths below the folder ("store.git/HEAD"; "" is the folder). STATUS_NOT_FOUND when a
// path leads nowhere: the recording then misses a call.
enum status disk_create(struct disk *disk, const char *path, bool is_folder, struct error *err);
enum status disk_write(struct disk *disk, const char *path, uint64_t offset, const void *bytes,
                       size_t length, struct error *err);
enum status disk_resize(struct disk *disk, const char *path, size_t length, struct error *err);
enum status disk_link(struct disk *disk, const char *from, const char *to, struct error *err);
enum status disk_rename(struct disk *disk, const char *from, const char *to, struct error *err);
enum status disk_unlink(struct disk *disk, const char *path, struct error *err);
enum status disk_sync(struct disk *disk, const char *path, struct error *err);
enum status disk_sync_all(struct disk *disk, struct error *err);

// The power goes: writes what survives into a real folder, which must be empty.
enum status disk_lose(const struct disk *disk, enum disk_loss loss, uint64_t seed,
                      const char *folder, struct error *err);
