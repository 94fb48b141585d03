// Entity tags in conditional requests. Source: RFC 9110 sections 8.8.3 and 13.1.2.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Whether a field value of If-None-Match ("*", or a list of entity tags) names `etag`, by weak
// comparison. `etag` is quoted, without W/. What cannot be read as a list ends it: then the caller
// answers as if nothing more had been asked, which is always right.
bool etag_list_matches(const char *list, size_t list_bytes, const char *etag, size_t etag_bytes);
