// Shared libraries that are loaded late.
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

static enum status missing(const struct library *library, struct error *err)
{
    const char *why = dlerror();
    error_set(err, STATUS_IO, library->code, "cannot load %s: %s", library->name,
              why ? why : "unknown");
    return error_hint(err, "%s", library->hint);
}

enum status library_load(void *out_table, const struct library *library, struct error *err)
{
    void *found[LIBRARY_MAX_FUNCTIONS];
    if (library->count > LIBRARY_MAX_FUNCTIONS)
        return error_set(err, STATUS_TOO_LARGE, "library_large", "%s: more than %d functions",
                         library->name, LIBRARY_MAX_FUNCTIONS);
    void *handle = dlopen(library->soname, RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return missing(library, err);
    for (size_t i = 0; i < library->count; i++) {
        found[i] = dlsym(handle, library->functions[i].symbol);
        if (!found[i])
            return missing(library, err);
    }
    for (size_t i = 0; i < library->count; i++)
        memcpy((char *)out_table + library->functions[i].offset, &found[i], sizeof(found[i]));
    return STATUS_OK;
}
