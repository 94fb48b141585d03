// The target of a request: its path, percent-decoded exactly once and sound before anything looks
// at it. Sources: RFC 9112 section 3.2, RFC 3986 sections 2.1 and 3.3.
#pragma once

#include <stddef.h>

#include "base/error.h"

// 20 bytes of route, the longest name and version, and a path of 1,024 bytes of which each may be
// three when encoded.
#define TARGET_MAX_BYTES 4096

// Starts as {0}.
struct target {
    char path[TARGET_MAX_BYTES]; // NUL-terminated; begins with '/', or is "*"
    size_t path_bytes;
};

// `raw` is the target without its query, in origin-form ("/v1/live"), absolute-form
// ("http://host/v1/live", https as well) or asterisk-form. STATUS_INVALID (code "target_invalid")
// for anything that two readers might read in two ways: bytes that RFC 3986 does not allow, a bad
// escape, an encoded '/', backslash, NUL or control character, a "." or ".." segment, what is not
// UTF-8. STATUS_TOO_LARGE over TARGET_MAX_BYTES. On failure *out is undefined.
enum status target_parse(struct target *out, const char *raw, size_t raw_bytes, struct error *err);
