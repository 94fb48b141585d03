// libcurl, loaded when the first request is made.
#include "remote_curl.h"

#include <stddef.h>

#include "base/library.h"
#include "base/memory.h"

static const struct library_function functions[] = {
    { "curl_easy_init", offsetof(struct remote_curl, init) },
    { "curl_easy_setopt", offsetof(struct remote_curl, set) },
    { "curl_easy_perform", offsetof(struct remote_curl, perform) },
    { "curl_easy_getinfo", offsetof(struct remote_curl, get) },
    { "curl_easy_strerror", offsetof(struct remote_curl, words_of) },
    { "curl_easy_cleanup", offsetof(struct remote_curl, cleanup) },
    { "curl_slist_append", offsetof(struct remote_curl, list_append) },
    { "curl_slist_free_all", offsetof(struct remote_curl, list_free) },
};

static const struct library curl = {
    .soname = "libcurl.so.4",
    .name = "libcurl",
    .code = "curl_missing",
    .hint = "install it (libcurl4 in Debian): a server is talked to with it",
    .functions = functions,
    .count = COUNT_OF(functions),
};

enum status remote_curl_load(struct remote_curl *out, struct error *err)
{
    return library_load(out, &curl, err);
}
