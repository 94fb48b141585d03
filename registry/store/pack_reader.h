// One pack and its index, mapped: for copying entries from pack to pack as they are, and for
// reading many blobs side by side (pack_set.h). All other reading is libgit2's business. Source of
// both formats: gitformat-pack(5), version 2.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/pack_file.h"

// Starts as {0}.
struct pack_reader {
    const uint8_t *index; // mapped
    size_t index_bytes;
    const uint8_t *pack; // mapped
    size_t pack_bytes;
    size_t count;
    struct pack_reader_entry *entries; // in the order in which they stand in the pack; NULL if
                                       // it was only mapped
};

struct pack_reader_entry {
    struct oid oid;
    uint32_t crc;
    enum pack_entry_type type;
    uint64_t size;   // of the object (or the delta) when inflated
    uint64_t offset; // where the entry begins
    size_t length;   // of the whole entry; of one that was found, up to the pack's end
    size_t header;   // bytes before what is deflated; a delta's base id among them
};

// Opens `folder`/`stem`.pack and .idx. STATUS_DAMAGED when they do not fit each other,
// STATUS_NOT_FOUND when one is missing.
enum status pack_reader_open(struct pack_reader *out, const char *folder, const char *stem,
                             struct error *err);
void pack_reader_release(struct pack_reader *reader);

// The same without `entries`, for who looks up some of them.
enum status pack_reader_map(struct pack_reader *out, const char *folder, const char *stem,
                            struct error *err);

// Looks an object up; false when the pack has none, or its index is malformed there. Its `crc` is
// not looked at. Any thread.
bool pack_reader_find(const struct pack_reader *reader, const struct oid *oid,
                      struct pack_reader_entry *out);

// Compares the entry's bytes with their checksum in the index.
enum status pack_reader_check(const struct pack_reader *reader,
                              const struct pack_reader_entry *entry, struct error *err);

// Appends what is deflated in an entry: an object's bytes, or a delta. The caller has held its size
// to a limit.
enum status pack_reader_inflate(const struct pack_reader *reader,
                                const struct pack_reader_entry *entry, struct buffer *out,
                                struct error *err);

// The same into `entry->size` bytes of memory; false when that is not what it inflates to.
bool pack_reader_inflate_to(const struct pack_reader *reader, const struct pack_reader_entry *entry,
                            void *out_bytes);
