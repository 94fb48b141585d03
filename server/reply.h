// Responses, made of bytes that somebody else keeps.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "response.h"
#include "snapshot/snapshot.h"

// Callers' caches may keep an answer, but ask each time whether it still holds: what is live may
// move at any moment, an earlier release may be quarantined, and asking costs a 304. Caches that
// several callers share keep nothing, since what one key may read another may not.
#define REPLY_CACHE_CONTROL "private, no-cache"

struct reply_field {
    const char *name;
    const char *value; // NULL: leave the field out
};

// What answers about an artifact or a state say of themselves; NULL or 0: nothing.
struct reply_fields {
    const char *media_type;
    const char *etag;
    uint32_t version;        // Greenroom-Version
    const char *state;       // Greenroom-State: the commit of live
    const char *disposition; // Content-Disposition
};

// Responses are the caller's, to send any number of times and then to drop. STATUS_NO_MEMORY is the
// only failure.
//
// With bytes of a release: the response holds the release until the last connection has sent it.
enum status reply_with_release(struct response **out, const struct snapshot_release *release,
                               const void *bytes, size_t size_bytes,
                               const struct reply_fields *fields, struct error *err);

// Takes the hold on `text` over, also on failure.
enum status reply_with_text(struct response **out, struct snapshot_text *text,
                            const struct reply_fields *fields, struct error *err);

// With a buffer's content, which is taken over, and fields of the caller's choosing.
enum status reply_with_buffer(struct response **out, struct buffer *body,
                              const struct reply_field *fields, size_t count, struct error *err);

// For 304: no body. `size_bytes` is what the 200 would have carried.
enum status reply_unchanged(struct response **out, size_t size_bytes,
                            const struct reply_fields *fields, struct error *err);
