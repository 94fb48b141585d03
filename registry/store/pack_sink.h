// A file that ends with the SHA-1 of all its bytes, as packs and their indexes do: written in large
// chunks under a temporary name, and moved to its own when it is whole and durable.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash_stream.h"
#include "store/oid.h"

// Starts as PACK_SINK_NONE.
struct pack_sink {
    struct hash_stream *sha1; // borrowed; busy until pack_sink_finish
    int fd;
    char *path; // the temporary file; NULL once it has its own name
    uint8_t *chunk;
    size_t chunk_bytes;
    uint64_t written; // before the chunk
    bool hashing;     // whether `sha1` holds a sum that was not asked for yet
};
#define PACK_SINK_NONE ((struct pack_sink) { .fd = -1 })

// Gives the file up unless it was moved to its name.
void pack_sink_release(struct pack_sink *sink);

// Creates `folder`/`name`, replacing what a writer that was killed left under that name.
enum status pack_sink_open(struct pack_sink *sink, struct hash_stream *sha1, const char *folder,
                           const char *name, struct error *err);

// How many bytes were put so far.
uint64_t pack_sink_offset(const struct pack_sink *sink);

enum status pack_sink_put(struct pack_sink *sink, const void *bytes, size_t length,
                          struct error *err);

// For those who make bytes in place: at least one byte of room, then how many of them were used.
uint8_t *pack_sink_room(struct pack_sink *sink, size_t *out_bytes);
enum status pack_sink_advance(struct pack_sink *sink, size_t used, struct error *err);

// Puts the SHA-1 of all before it, and writes what is left; `sha1` is free again.
enum status pack_sink_finish(struct pack_sink *sink, uint8_t out_sum[OID_BYTES], struct error *err);

enum status pack_sink_sync(struct pack_sink *sink, struct error *err);

// Moves the file to `name` in the same folder, which the caller syncs.
enum status pack_sink_rename(struct pack_sink *sink, const char *name, struct error *err);
