// URI references (RFC 3986), as far as schemas need them. Internal to schema*.c.
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

#define SCHEMA_URI_MAX_BYTES 2048 // of a reference and of a URI made from it

// Appends `reference` resolved against `base` (section 5.2), without fragment. A base of "" stands
// for none: then the reference is taken as it is.
enum status schema_uri_resolve(struct buffer *out, const char *base, const char *reference,
                               struct error *err);

// Whether there is a scheme in front (section 4.3).
bool schema_uri_is_absolute(const char *uri);

// Appends the reference's fragment, percent-decoded; nothing when there is none or it is empty.
// STATUS_INVALID when what is decoded is not UTF-8 or holds U+0000.
enum status schema_uri_fragment(struct buffer *out, const char *reference, struct error *err);
