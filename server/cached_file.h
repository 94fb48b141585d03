// Files that are made of a release and kept in the environment's folder cache/, by digest, so that
// a restart need not make them again. Anybody may delete them at any time.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"

// Starts as CACHED_FILE_NONE. What was found or made whole, open for reading; it stays readable
// when its name is gone.
struct cached_file {
    int fd;
    uint64_t size_bytes;
    struct digest sha256;
};
#define CACHED_FILE_NONE ((struct cached_file) { .fd = -1 })
void cached_file_release(struct cached_file *file);

// What a file is kept as: "<source's hex>-<its own SHA-256>.<ending>" in `folder`.
struct cached_file_name {
    const char *folder;
    struct digest source; // of what it was made from
    const char *ending;   // "tar.gz"
};

// The file of that name whose bytes still have the digest that it is named by. Others of that name
// are removed. False when there is none.
bool cached_file_find(struct cached_file *out, const struct cached_file_name *name);

// A copy of all of it on the heap; the caller frees it.
enum status cached_file_read(const struct cached_file *file, void **out, struct error *err);

// Removes it: it turned out not to be what it should be.
void cached_file_forget(const struct cached_file *file, const struct cached_file_name *name);

// Has `make` fill a new file (it gets its descriptor and its path), and keeps it under its name.
// When cache/ takes no files, it is made in the temporary folder (TMPDIR, /tmp), without a name.
typedef enum status (*cached_file_make_it)(void *context, int fd, const char *path,
                                           struct error *err);
enum status cached_file_make(struct cached_file *out, const struct cached_file_name *name,
                             cached_file_make_it make, void *context, struct error *err);
