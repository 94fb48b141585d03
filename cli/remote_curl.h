// libcurl, loaded when the first request is made: every other command would pay for starting it and
// its twenty libraries, which takes twice as long as starting without.
#pragma once

#include <curl/curl.h>

#include "base/error.h"

struct remote_curl {
    __typeof__(&curl_easy_init) init;
    __typeof__(&curl_easy_setopt) set; // the function, without curl.h's checks of its arguments
    __typeof__(&curl_easy_perform) perform;
    __typeof__(&curl_easy_getinfo) get;
    __typeof__(&curl_easy_strerror) words_of;
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_slist_append) list_append;
    __typeof__(&curl_slist_free_all) list_free;
};

// It stays loaded to the process's end. STATUS_IO with a hint when it is not installed.
enum status remote_curl_load(struct remote_curl *out, struct error *err);
