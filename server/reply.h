// Responses, made of bytes that somebody else keeps.
#pragma once

#include <stdbool.h>
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
    const char *encoding; // Content-Encoding
    const char *etag;
    uint32_t version;        // Greenroom-Version
    const char *state;       // Greenroom-State: the commit of live
    const char *disposition; // Content-Disposition
    bool varies;             // with Accept-Encoding
    bool may_be_part;        // a range of it may be asked for
};

// The stretch that is sent, of a whole.
struct reply_part {
    uint64_t first;
    uint64_t count;
    uint64_t whole_bytes;
};

// Prints the lines of an answer's fields, each with its CRLF; for 304 only those that a cache
// needs. Answers how many bytes. `room` is enough for all that this server says; a line that would
// not fit is left out.
size_t reply_print_fields(char *out, size_t room, const struct reply_fields *fields,
                          unsigned http_status, const struct reply_part *part);

// All that an answer with content of `size_bytes` says but its date and its state, down to the
// empty line; from *out_mark on it is what a 304 says.
size_t reply_print_front(char *out, size_t room, const struct reply_fields *fields,
                         uint64_t size_bytes, size_t *out_mark);

#define REPLY_STATE_BYTES 64
// The line Greenroom-State: with the commit of live, which every release's answer has.
size_t reply_print_state(char out[REPLY_STATE_BYTES], const char *commit);

// Responses are the caller's, to send any number of times and then to drop. STATUS_NO_MEMORY is the
// only failure.
//
// All the bytes of a release, to send pieces of: holds the release until the last connection has
// sent its piece.
enum status reply_with_release(struct response **out, const struct snapshot_release *release,
                               struct error *err);

// Takes the hold on `text` over, also on failure.
enum status reply_with_text(struct response **out, struct snapshot_text *text, struct error *err);

// With a buffer's content, which is taken over, and fields of the caller's choosing.
enum status reply_with_buffer(struct response **out, struct buffer *body,
                              const struct reply_field *fields, size_t count, struct error *err);
