// Shared libraries that are loaded when something of theirs is needed for the first time.
#pragma once

#include <stddef.h>

#include "base/error.h"

#define LIBRARY_MAX_FUNCTIONS 64

// Where a function goes: the offset of its pointer in the caller's table.
struct library_function {
    const char *symbol;
    size_t offset;
};

// Static and constant.
struct library {
    const char *soname; // the one of the headers that the caller was compiled with: "libcurl.so.4"
    const char *name;   // what messages call it: "libcurl"
    const char *code;   // of the error where it is missing
    const char *hint;   // how to get it
    const struct library_function *functions;
    size_t count; // LIBRARY_MAX_FUNCTIONS at most
};

// Fills the table at `out_table`, or leaves it alone: STATUS_IO when the library, or a function of
// it, is not there. It stays loaded to the process's end.
enum status library_load(void *out_table, const struct library *library, struct error *err);
