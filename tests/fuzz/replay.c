// Gives every file of a corpus to one fuzz target, once: what a fuzzer found stays found. Built
// with each target, without libFuzzer, and run by ctest.
//
//   <target> FOLDER    fails when the folder is missing or empty; the target itself aborts
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"

#define SEED_MAX_BYTES (4U << 20) // seeds are small; this only bounds a mistake

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

// The target gets bytes with nothing behind them, so that the sanitizer sees one read too many.
static enum status replay(const char *folder, const char *name, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct buffer seed OWNED(buffer_release) = { 0 };
    TRY(file_join(&path, folder, name, err));
    TRY(file_read(&seed, path, SEED_MAX_BYTES, err));
    uint8_t *exact OWNED(memory_release) = malloc(seed.length ? seed.length : 1);
    if (!exact)
        return error_no_memory(err);
    for (size_t i = 0; i < seed.length; i++)
        exact[i] = (uint8_t)seed.bytes[i];
    fprintf(stderr, "%s\n", name); // the last one named is the one that broke it
    (void)LLVMFuzzerTestOneInput(exact, seed.length);
    return STATUS_OK;
}

static int finish(const char *folder, int count, const struct error *err)
{
    if (err->message[0]) {
        fprintf(stderr, "%s\n", err->message);
        return 1;
    }
    if (count <= 0) {
        fprintf(stderr, "%s holds no seeds\n", folder);
        return 1;
    }
    printf("%d seeds\n", count);
    return 0;
}

int main(int argc, char *argv[])
{
    struct error err = { 0 };
    struct dirent **entries = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    int count = scandir(argv[1], &entries, is_seed, alphasort);
    for (int i = 0; i < count; i++) {
        if (!err.message[0])
            (void)replay(argv[1], entries[i]->d_name, &err);
        free(entries[i]);
    }
    free(entries);
    return finish(argv[1], count, &err);
}
