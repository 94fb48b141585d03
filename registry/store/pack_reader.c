// One pack and its index, mapped.
#include "store/pack_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/file.h"
#include "base/memory.h"

#define INDEX_FANOUT_BYTES (256 * 4)
#define INDEX_HEADER_BYTES (8 + INDEX_FANOUT_BYTES) // magic, version and fan-out
#define INDEX_ENTRY_BYTES (OID_BYTES + 4 + 4)
#define INDEX_TRAILER_BYTES (2 * OID_BYTES)
#define PACK_START_BYTES 12
#define LARGE_OFFSET 0x80000000U

void pack_reader_release(struct pack_reader *reader)
{
    if (reader->index)
        munmap((void *)(uintptr_t)reader->index, reader->index_bytes);
    if (reader->pack)
        munmap((void *)(uintptr_t)reader->pack, reader->pack_bytes);
    free(reader->entries);
    *reader = (struct pack_reader) { 0 };
}

static enum status fail_damaged(struct error *err, const char *what)
{
    error_set(err, STATUS_DAMAGED, "pack_malformed", "%s", what);
    return error_hint(err, "run `git fsck` in the store, and restore it from a backup or replica");
}

static enum status map_file(const uint8_t **out, size_t *out_bytes, const char *folder,
                            const char *stem, const char *suffix, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct stat info;
    buffer_append_format(&path, "%s/%s%s", folder, stem, suffix);
    TRY(buffer_check(&path, err));
    int fd OWNED(file_close) = open(path.bytes, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return error_set(err, STATUS_NOT_FOUND, "pack_not_found", "%s: there is no such file",
                         path.bytes);
    if (fd < 0 || fstat(fd, &info) != 0)
        return error_errno(err, "cannot read", path.bytes);
    if (info.st_size < PACK_START_BYTES + OID_BYTES)
        return fail_damaged(err, "a pack or its index is cut short");
    void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return error_errno(err, "cannot read", path.bytes);
    *out = bytes;
    *out_bytes = (size_t)info.st_size;
    return STATUS_OK;
}

static uint32_t number_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum status check_fit(struct pack_reader *reader, struct error *err)
{
    static const uint8_t index_start[] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };
    static const uint8_t pack_start[] = { 'P', 'A', 'C', 'K', 0, 0, 0, 2 };
    if (reader->index_bytes < INDEX_HEADER_BYTES + INDEX_TRAILER_BYTES ||
        memcmp(reader->index, index_start, sizeof(index_start)) != 0 ||
        memcmp(reader->pack, pack_start, sizeof(pack_start)) != 0)
        return fail_damaged(err, "a pack or its index is not of version 2");
    reader->count = number_at(reader->index + INDEX_HEADER_BYTES - 4);
    size_t room = reader->index_bytes - INDEX_HEADER_BYTES - INDEX_TRAILER_BYTES;
    const uint8_t *pack_sum = reader->index + reader->index_bytes - INDEX_TRAILER_BYTES;
    if (room / INDEX_ENTRY_BYTES < reader->count ||
        number_at(reader->pack + sizeof(pack_start)) != reader->count ||
        memcmp(pack_sum, reader->pack + reader->pack_bytes - OID_BYTES, OID_BYTES) != 0)
        return fail_damaged(err, "a pack and its index do not fit each other");
    return STATUS_OK;
}

static enum status read_offset(const struct pack_reader *reader, size_t i, uint64_t *out,
                               struct error *err)
{
    const uint8_t *offsets = reader->index + INDEX_HEADER_BYTES + reader->count * (OID_BYTES + 4);
    const uint8_t *large = offsets + reader->count * 4;
    const uint8_t *end = reader->index + reader->index_bytes - INDEX_TRAILER_BYTES;
    uint64_t offset = number_at(offsets + i * 4);
    if (offset >= LARGE_OFFSET) {
        offset -= LARGE_OFFSET;
        if ((size_t)(end - large) / 8 <= offset)
            return fail_damaged(err, "an index names an offset that it does not have");
        large += offset * 8;
        offset = (uint64_t)number_at(large) << 32 | number_at(large + 4);
    }
    if (offset < PACK_START_BYTES || offset >= reader->pack_bytes - OID_BYTES)
        return fail_damaged(err, "an index names an offset outside its pack");
    *out = offset;
    return STATUS_OK;
}

// See pack_file_put_header for the form.
static enum status read_header(const struct pack_reader *reader, struct pack_reader_entry *entry,
                               struct error *err)
{
    const uint8_t *bytes = reader->pack + entry->offset;
    size_t used = 0;
    uint8_t byte = bytes[used++];
    entry->type = (enum pack_entry_type)(byte >> 4 & 7);
    entry->size = byte & 15;
    for (unsigned shift = 4; byte & 0x80; shift += 7) {
        if (used == entry->length || shift > 57)
            return fail_damaged(err, "an entry's header in a pack is malformed");
        byte = bytes[used++];
        entry->size |= (uint64_t)(byte & 0x7f) << shift;
    }
    entry->header = used + (entry->type == PACK_REF_DELTA ? OID_BYTES : 0);
    return entry->header < entry->length ? STATUS_OK
                                         : fail_damaged(err, "an entry in a pack is cut short");
}

static int compare_offsets(const void *a, const void *b)
{
    uint64_t left = ((const struct pack_reader_entry *)a)->offset;
    uint64_t right = ((const struct pack_reader_entry *)b)->offset;
    return left < right ? -1 : left > right;
}

static enum status read_entries(struct pack_reader *reader, struct error *err)
{
    TRY(memory_new(&reader->entries, reader->count, sizeof(*reader->entries), err));
    const uint8_t *ids = reader->index + INDEX_HEADER_BYTES;
    const uint8_t *sums = ids + reader->count * OID_BYTES;
    for (size_t i = 0; i < reader->count; i++) {
        memcpy(reader->entries[i].oid.bytes, ids + i * OID_BYTES, OID_BYTES);
        reader->entries[i].crc = number_at(sums + i * 4);
        TRY(read_offset(reader, i, &reader->entries[i].offset, err));
    }
    qsort(reader->entries, reader->count, sizeof(*reader->entries), compare_offsets);
    for (size_t i = 0; i < reader->count; i++) {
        uint64_t end =
            i + 1 < reader->count ? reader->entries[i + 1].offset : reader->pack_bytes - OID_BYTES;
        reader->entries[i].length = (size_t)(end - reader->entries[i].offset);
        if (reader->entries[i].length == 0)
            return fail_damaged(err, "an index names one offset twice");
        TRY(read_header(reader, &reader->entries[i], err));
    }
    return STATUS_OK;
}

static enum status map_pair(struct pack_reader *reader, const char *folder, const char *stem,
                            struct error *err)
{
    TRY(map_file(&reader->index, &reader->index_bytes, folder, stem, ".idx", err));
    TRY(map_file(&reader->pack, &reader->pack_bytes, folder, stem, ".pack", err));
    return check_fit(reader, err);
}

enum status pack_reader_map(struct pack_reader *out, const char *folder, const char *stem,
                            struct error *err)
{
    struct pack_reader reader OWNED(pack_reader_release) = { 0 };
    enum status status = map_pair(&reader, folder, stem, err);
    if (status == STATUS_DAMAGED)
        return error_prefix(err, "%s", stem);
    TRY(status);
    *out = reader;
    reader = (struct pack_reader) { 0 };
    return STATUS_OK;
}

enum status pack_reader_open(struct pack_reader *out, const char *folder, const char *stem,
                             struct error *err)
{
    struct pack_reader reader OWNED(pack_reader_release) = { 0 };
    TRY(pack_reader_map(&reader, folder, stem, err));
    enum status status = read_entries(&reader, err);
    if (status == STATUS_DAMAGED)
        return error_prefix(err, "%s", stem);
    TRY(status);
    *out = reader;
    reader = (struct pack_reader) { 0 };
    return STATUS_OK;
}

// Where an id stands in the index.
static bool find_id(const struct pack_reader *reader, const struct oid *oid, size_t *out)
{
    const uint8_t *fanout = reader->index + INDEX_HEADER_BYTES - INDEX_FANOUT_BYTES;
    const uint8_t *ids = reader->index + INDEX_HEADER_BYTES;
    size_t first = oid->bytes[0];
    size_t low = first > 0 ? number_at(fanout + (first - 1) * 4) : 0;
    size_t high = number_at(fanout + first * 4);
    if (high > reader->count)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(oid->bytes, ids + middle * OID_BYTES, OID_BYTES);
        *out = middle;
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool pack_reader_find(const struct pack_reader *reader, const struct oid *oid,
                      struct pack_reader_entry *out)
{
    struct error ignored;
    size_t place = 0;
    if (!find_id(reader, oid, &place))
        return false;
    *out = (struct pack_reader_entry) { .oid = *oid };
    if (read_offset(reader, place, &out->offset, &ignored) != STATUS_OK)
        return false;
    out->length = (size_t)(reader->pack_bytes - OID_BYTES - out->offset);
    return read_header(reader, out, &ignored) == STATUS_OK;
}

enum status pack_reader_check(const struct pack_reader *reader,
                              const struct pack_reader_entry *entry, struct error *err)
{
    uint32_t crc = libdeflate_crc32(0, reader->pack + entry->offset, entry->length);
    return crc == entry->crc ? STATUS_OK
                             : fail_damaged(err, "an entry in a pack does not have its checksum");
}

bool pack_reader_inflate_to(const struct pack_reader *reader, const struct pack_reader_entry *entry,
                            void *out_bytes)
{
    uLongf got = entry->size;
    const uint8_t *from = reader->pack + entry->offset + entry->header;
    return uncompress(out_bytes, &got, from, entry->length - entry->header) == Z_OK &&
           got == entry->size;
}

enum status pack_reader_inflate(const struct pack_reader *reader,
                                const struct pack_reader_entry *entry, struct buffer *out,
                                struct error *err)
{
    char *bytes OWNED(memory_release) = NULL;
    TRY(memory_new(&bytes, entry->size, 1, err));
    if (!pack_reader_inflate_to(reader, entry, bytes))
        return fail_damaged(err, "an entry in a pack cannot be inflated");
    buffer_append(out, bytes, entry->size);
    return buffer_check(out, err);
}
