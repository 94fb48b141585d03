// The names in a folder, and which of them go together.
#include "store/folder_names.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void folder_names_release(struct folder_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct folder_names) { 0 };
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum status folder_names_read(struct folder_names *out, const char *path, struct error *err)
{
    struct folder_names names OWNED(folder_names_release) = { 0 };
    DIR *folder OWNED(close_folder) = opendir(path);
    if (!folder && errno == ENOENT)
        return STATUS_OK;
    if (!folder)
        return error_errno(err, "cannot read", path);
    errno = 0;
    for (struct dirent *entry; (entry = readdir(folder)); errno = 0) {
        TRY(memory_grow(&names.items, names.count, &names.capacity, sizeof(char *), err));
        TRY(memory_copy_string(&names.items[names.count], entry->d_name, err));
        names.count++;
    }
    if (errno != 0)
        return error_errno(err, "cannot read", path);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof(char *), compare_names);
    *out = names;
    names = (struct folder_names) { 0 };
    return STATUS_OK;
}

bool folder_names_has(const struct folder_names *names, const char *stem, size_t stem_bytes,
                      const char *suffix)
{
    char name[NAME_MAX + 1];
    const char *key = name;
    size_t suffix_bytes = strlen(suffix);
    if (names->count == 0 || stem_bytes + suffix_bytes >= sizeof(name))
        return false;
    memcpy(name, stem, stem_bytes);
    memcpy(name + stem_bytes, suffix, suffix_bytes + 1);
    return bsearch(&key, names->items, names->count, sizeof(char *), compare_names) != NULL;
}

size_t folder_names_stem(const char *name, const char *suffix)
{
    size_t length = strlen(name);
    size_t suffix_bytes = strlen(suffix);
    bool ends = length > suffix_bytes && strcmp(name + length - suffix_bytes, suffix) == 0;
    return ends ? length - suffix_bytes : 0;
}
