// libarchive, loaded when the first archive is read or written.
#include "archive/archive_library.h"

#include <stddef.h>

#include "base/library.h"
#include "base/memory.h"

#define FUNCTION(name) { #name, offsetof(struct archive_library, name) },
static const struct library_function functions[] = { ARCHIVE_LIBRARY_FUNCTIONS(FUNCTION) };
#undef FUNCTION

static const struct library archive = {
    .soname = "libarchive.so.13",
    .name = "libarchive",
    .code = "libarchive_missing",
    .hint = "install it (libarchive13 in Debian): archives are read and written with it",
    .functions = functions,
    .count = COUNT_OF(functions),
};

enum status archive_library_load(struct archive_library *out, struct error *err)
{
    return library_load(out, &archive, err);
}
