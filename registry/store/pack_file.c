// One pack in the making, entry by entry, with its index.
#include "store/pack_file.h"

#include <arpa/inet.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/store_internal.h"

#define PACK_VERSION 2
#define INDEX_MAGIC 0xff744f63U
#define INDEX_VERSION 2
#define INDEX_FANOUT 256
#define INDEX_LARGE_OFFSET 0x80000000U // such an offset stands in a table of its own

// libdeflate sums ten times as fast as zlib, once it has asked the processor what it can; in a
// virtual machine the asking takes longer than zlib takes for all of a small pack.
#define SMALL_PACK_OBJECTS 64
#define SMALL_PIECE_BYTES 4096

static bool is_small(const struct pack_file *file, size_t length)
{
    return file->promised < SMALL_PACK_OBJECTS && length < SMALL_PIECE_BYTES;
}

void pack_file_release(struct pack_file *file)
{
    pack_sink_release(&file->sink);
    pack_sink_release(&file->index);
    free(file->entries);
    *file = PACK_FILE_NONE;
}

enum status pack_file_begin(struct pack_file *file, struct store *store, size_t count,
                            struct error *err)
{
    if (count > UINT32_MAX)
        return error_set(err, STATUS_TOO_LARGE, "too_many_objects",
                         "%zu objects are more than one pack can hold", count);
    uint32_t fields[2] = { htonl(PACK_VERSION), htonl((uint32_t)count) };
    file->store = store;
    file->promised = count;
    TRY(memory_new(&file->entries, count, sizeof(*file->entries), err));
    TRY(pack_sink_open(&file->sink, store->sha1, store->pack_folder, STORE_TEMPORARY_PACK, err));
    TRY(pack_sink_put(&file->sink, "PACK", 4, err));
    return pack_sink_put(&file->sink, fields, sizeof(fields), err);
}

enum status pack_file_begin_object(struct pack_file *file, const struct oid *oid, struct error *err)
{
    if (file->count == file->promised)
        return error_set(err, STATUS_IO, "pack_overfull",
                         "more objects than the pack was begun for");
    file->entries[file->count++] = (struct pack_entry) { *oid, 0, pack_sink_offset(&file->sink) };
    return STATUS_OK;
}

static void add_crc(struct pack_file *file, const void *bytes, size_t length)
{
    struct pack_entry *entry = &file->entries[file->count - 1];
    if (length > 0) // no bytes at all are a sign to both to begin anew
        entry->crc = is_small(file, length) ? (uint32_t)crc32(entry->crc, bytes, (uInt)length)
                                            : libdeflate_crc32(entry->crc, bytes, length);
}

enum status pack_file_put(struct pack_file *file, const void *bytes, size_t length,
                          struct error *err)
{
    add_crc(file, bytes, length);
    return pack_sink_put(&file->sink, bytes, length, err);
}

// Type in bits 4-6 of the first byte, the size's low four bits in 0-3, then seven bits a byte.
enum status pack_file_put_header(struct pack_file *file, enum pack_entry_type type, uint64_t size,
                                 struct error *err)
{
    uint8_t header[PACK_HEADER_BYTES];
    size_t length = 0;
    uint8_t byte = (uint8_t)((unsigned)type << 4 | (size & 15));
    for (size >>= 4; size > 0; size >>= 7) {
        header[length++] = byte | 0x80;
        byte = size & 0x7f;
    }
    header[length++] = byte;
    return pack_file_put(file, header, length, err);
}

uint8_t *pack_file_room(struct pack_file *file, size_t *out_bytes)
{
    return pack_sink_room(&file->sink, out_bytes);
}

enum status pack_file_advance(struct pack_file *file, size_t used, struct error *err)
{
    size_t unused;
    add_crc(file, pack_sink_room(&file->sink, &unused), used);
    return pack_sink_advance(&file->sink, used, err);
}

// zlib's form (RFC 1950) around blocks without compression: what deflate would make at level 0, at
// the cost of a copy.
enum status pack_file_begin_stored(struct pack_file *file, struct error *err)
{
    static const uint8_t zlib_header[] = { 0x78, 0x01 };
    file->block_sum = 1;
    return pack_file_put(file, zlib_header, sizeof(zlib_header), err);
}

enum status pack_file_put_block(struct pack_file *file, const void *bytes, size_t length,
                                bool is_last, struct error *err)
{
    uint8_t header[] = { is_last, (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)~length,
                         (uint8_t)(~length >> 8) };
    if (length > 0)
        file->block_sum = is_small(file, length)
                              ? (uint32_t)adler32(file->block_sum, bytes, (uInt)length)
                              : libdeflate_adler32(file->block_sum, bytes, length);
    TRY(pack_file_put(file, header, sizeof(header), err));
    TRY(pack_file_put(file, bytes, length, err));
    uint32_t sum = htonl(file->block_sum);
    return is_last ? pack_file_put(file, &sum, sizeof(sum), err) : STATUS_OK;
}

enum status pack_file_put_stored(struct pack_file *file, const void *bytes, size_t length,
                                 struct error *err)
{
    const uint8_t *from = bytes;
    TRY(pack_file_begin_stored(file, err));
    for (; length > PACK_BLOCK_BYTES; from += PACK_BLOCK_BYTES, length -= PACK_BLOCK_BYTES)
        TRY(pack_file_put_block(file, from, PACK_BLOCK_BYTES, false, err));
    return pack_file_put_block(file, from, length, true, err);
}

static enum status put_number(struct pack_sink *sink, uint32_t number, struct error *err)
{
    uint32_t big_endian = htonl(number);
    return pack_sink_put(sink, &big_endian, sizeof(big_endian), err);
}

// For each first byte of an id, how many ids begin with it or a lower one.
static enum status put_fanout(struct pack_sink *sink, const struct pack_file *file,
                              struct error *err)
{
    size_t below = 0;
    for (unsigned byte = 0; byte < INDEX_FANOUT; byte++) {
        while (below < file->count && file->entries[below].oid.bytes[0] <= byte)
            below++;
        TRY(put_number(sink, (uint32_t)below, err));
    }
    return STATUS_OK;
}

static enum status put_offsets(struct pack_sink *sink, const struct pack_file *file,
                               struct error *err)
{
    uint32_t large = 0;
    for (size_t i = 0; i < file->count; i++) {
        uint64_t offset = file->entries[i].offset;
        bool fits = offset < INDEX_LARGE_OFFSET;
        TRY(put_number(sink, fits ? (uint32_t)offset : INDEX_LARGE_OFFSET | large++, err));
    }
    for (size_t i = 0; i < file->count; i++) {
        uint64_t offset = file->entries[i].offset;
        if (offset < INDEX_LARGE_OFFSET)
            continue;
        TRY(put_number(sink, (uint32_t)(offset >> 32), err));
        TRY(put_number(sink, (uint32_t)offset, err));
    }
    return STATUS_OK;
}

static int compare_entries(const void *a, const void *b)
{
    return memcmp(a, b, OID_BYTES); // the id is the first member
}

static enum status write_index(struct pack_file *file, struct error *err)
{
    struct pack_sink *sink = &file->index;
    uint8_t unused[OID_BYTES];
    qsort(file->entries, file->count, sizeof(*file->entries), compare_entries);
    TRY(pack_sink_open(sink, file->store->sha1, file->store->pack_folder, STORE_TEMPORARY_INDEX,
                       err));
    TRY(put_number(sink, INDEX_MAGIC, err));
    TRY(put_number(sink, INDEX_VERSION, err));
    TRY(put_fanout(sink, file, err));
    for (size_t i = 0; i < file->count; i++)
        TRY(pack_sink_put(sink, file->entries[i].oid.bytes, OID_BYTES, err));
    for (size_t i = 0; i < file->count; i++)
        TRY(put_number(sink, file->entries[i].crc, err));
    TRY(put_offsets(sink, file, err));
    TRY(pack_sink_put(sink, file->sum, OID_BYTES, err));
    return pack_sink_finish(sink, unused, err);
}

enum status pack_file_seal(struct pack_file *file, struct error *err)
{
    if (file->count != file->promised)
        return error_set(err, STATUS_IO, "pack_short", "fewer objects than the pack was begun for");
    TRY(pack_sink_finish(&file->sink, file->sum, err));
    TRY(write_index(file, err));
    TRY(pack_sink_sync(&file->sink, err));
    return pack_sink_sync(&file->index, err);
}

// The index gets its name first. Readers pass over an index without its pack, and what we leave
// when we are killed here is then always that, which stock git leaves nowhere: see tidy_leftovers.
enum status pack_file_show(struct pack_file *file, struct error *err)
{
    struct buffer name OWNED(buffer_release) = { 0 };
    buffer_append_text(&name, "pack-");
    buffer_append_hex(&name, file->sum, OID_BYTES);
    size_t stem = name.length;
    buffer_append_text(&name, ".idx");
    TRY(buffer_check(&name, err));
    TRY(pack_sink_rename(&file->index, name.bytes, err));
    buffer_truncate(&name, stem);
    buffer_append_text(&name, ".pack");
    TRY(buffer_check(&name, err));
    TRY(pack_sink_rename(&file->sink, name.bytes, err));
    return file_sync_folder(file->store->pack_folder, err);
}
