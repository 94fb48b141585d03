// A running hash, as an interface: who needs one below trust/ (a pack ends with the SHA-1 of its
// bytes) is handed it from above, so that libcrypto keeps its one door.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define HASH_STREAM_MAX_BYTES 64 // the longest result of any hash in use

// Made by a hash_stream_new; one thread at a time; may be used again after finish.
struct hash_stream {
    void (*update)(struct hash_stream *stream, const void *bytes, size_t length);
    // The hash of all updates since the last finish; STATUS_IO when the library failed meanwhile.
    enum status (*finish)(struct hash_stream *stream, uint8_t out[HASH_STREAM_MAX_BYTES],
                          struct error *err);
    void (*free)(struct hash_stream *stream);
};

typedef enum status (*hash_stream_new)(struct hash_stream **out, struct error *err);
