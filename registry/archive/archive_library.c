// libarchive, loaded when the first archive is read or written.
#include "archive/archive_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

#define FUNCTION(name) { #name, offsetof(struct archive_library, name) },
static const struct {
    const char *symbol;
    size_t offset;
} functions[] = { ARCHIVE_LIBRARY_FUNCTIONS(FUNCTION) };
#undef FUNCTION

static enum status not_loaded(struct error *err)
{
    const char *why = dlerror();
    error_set(err, STATUS_IO, "libarchive_missing", "cannot load libarchive: %s",
              why ? why : "unknown");
    return error_hint(err, "install it (libarchive13 in Debian): archives are read and written "
                           "with it");
}

enum status archive_library_load(struct archive_library *out, struct error *err)
{
    // The soname is the one of the headers that this was compiled with.
    void *library = dlopen("libarchive.so.13", RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return not_loaded(err);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *function = dlsym(library, functions[i].symbol);
        if (!function)
            return not_loaded(err);
        memcpy((char *)out + functions[i].offset, &function, sizeof(function));
    }
    return STATUS_OK;
}
