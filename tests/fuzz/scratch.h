// A folder for what a fuzz target must see as files, in memory where there is such a place; gone
// when the process ends.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "fuzz/must.h"

static inline const char *scratch_folder(void);

static inline void scratch_remove(void)
{
    struct error err = { 0 };
    (void)file_remove_tree(scratch_folder(), &err);
}

static inline const char *scratch_folder(void)
{
    static char folder[64];
    if (!folder[0]) {
        snprintf(folder, sizeof(folder), "%s/greenroom-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        must(mkdtemp(folder) != NULL);
        must(atexit(scratch_remove) == 0);
    }
    return folder;
}

// Replaces a file of the folder. Not durably: thousands a second are written.
static inline void scratch_write(const char *name, const void *bytes, size_t length)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = NULL;
    must(file_join(&path, scratch_folder(), name, &err) == STATUS_OK);
    FILE *file = fopen(path, "w");
    must(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}
