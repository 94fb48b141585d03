// One pack in the making, entry by entry, with its index. Source of both formats:
// gitformat-pack(5), version 2.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/oid.h"
#include "store/pack_sink.h"
#include "store/store.h"

// What the index says of one entry.
struct pack_entry {
    struct oid oid;
    uint32_t crc; // of the entry's bytes as they stand in the pack
    uint64_t offset;
};

enum pack_entry_type {
    PACK_COMMIT = 1,
    PACK_TREE = 2,
    PACK_BLOB = 3,
    PACK_TAG = 4,
    PACK_OFS_DELTA = 6, // its base stands so many bytes before it
    PACK_REF_DELTA = 7, // its base has this id
};

#define PACK_HEADER_BYTES 10 // an entry's type and its 64-bit size, seven bits a byte

// Starts as PACK_FILE_NONE.
struct pack_file {
    struct store *store; // borrowed
    struct pack_sink sink;
    struct pack_sink index;
    struct pack_entry *entries;
    size_t count;           // begun so far
    uint32_t block_sum;     // of the blocks of the entry at hand
    size_t promised;        // what the pack's header says
    uint8_t sum[OID_BYTES]; // of the pack, once it is sealed; its name is made of it
};
#define PACK_FILE_NONE ((struct pack_file) { .sink = PACK_SINK_NONE, .index = PACK_SINK_NONE })

// Gives the pack up unless it was shown: nothing of it stays.
void pack_file_release(struct pack_file *file);

// Begins a pack of exactly `count` objects, no two alike. One at a time for a store.
enum status pack_file_begin(struct pack_file *file, struct store *store, size_t count,
                            struct error *err);

// Each object: begin, any number of puts, and the next begin or the finish ends it.
enum status pack_file_begin_object(struct pack_file *file, const struct oid *oid,
                                   struct error *err);
enum status pack_file_put(struct pack_file *file, const void *bytes, size_t length,
                          struct error *err);

// The header of an entry: its type, and the object's size when inflated.
enum status pack_file_put_header(struct pack_file *file, enum pack_entry_type type, uint64_t size,
                                 struct error *err);

// For those who make an entry's bytes in place: see pack_sink_room.
uint8_t *pack_file_room(struct pack_file *file, size_t *out_bytes);
enum status pack_file_advance(struct pack_file *file, size_t used, struct error *err);

// Bytes that are deflated in form only: begin, then blocks, the last marked; or all at once.
#define PACK_BLOCK_BYTES 65535U // the most that a block holds (RFC 1951, 3.2.4)
enum status pack_file_begin_stored(struct pack_file *file, struct error *err);
enum status pack_file_put_block(struct pack_file *file, const void *bytes, size_t length,
                                bool is_last, struct error *err);
enum status pack_file_put_stored(struct pack_file *file, const void *bytes, size_t length,
                                 struct error *err);

// Makes pack and index durable, under names that nobody reads.
enum status pack_file_seal(struct pack_file *file, struct error *err);

// Makes a sealed pack visible: after STATUS_OK it survives power loss.
enum status pack_file_show(struct pack_file *file, struct error *err);
