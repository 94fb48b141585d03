// libcurl, loaded when the first request is made.
#include "remote_curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

static const struct {
    const char *symbol;
    size_t offset;
} functions[] = {
    { "curl_easy_init", offsetof(struct remote_curl, init) },
    { "curl_easy_setopt", offsetof(struct remote_curl, set) },
    { "curl_easy_perform", offsetof(struct remote_curl, perform) },
    { "curl_easy_getinfo", offsetof(struct remote_curl, get) },
    { "curl_easy_strerror", offsetof(struct remote_curl, words_of) },
    { "curl_easy_cleanup", offsetof(struct remote_curl, cleanup) },
    { "curl_slist_append", offsetof(struct remote_curl, list_append) },
    { "curl_slist_free_all", offsetof(struct remote_curl, list_free) },
};

static enum status not_loaded(struct error *err)
{
    const char *why = dlerror();
    error_set(err, STATUS_IO, "curl_missing", "cannot load libcurl: %s", why ? why : "unknown");
    return error_hint(err, "install it (libcurl4 in Debian): a server is talked to with it");
}

enum status remote_curl_load(struct remote_curl *out, struct error *err)
{
    // The soname is the one of the headers that this was compiled with.
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
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
