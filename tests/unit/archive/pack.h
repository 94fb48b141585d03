// Packs archives byte by byte for the archive tests: also those that no packer would make.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <libdeflate.h>

#include "base/buffer.h"

#define PACK_BLOCK 512

// --- tar ---

struct pack_tar {
    const char *name;
    char type; // '0' file, '5' folder, '1' hard link, '2' symbolic link ...
    const char *body;
    size_t body_length;
    const char *link;
    uint64_t declared; // 0: body_length
};

static inline void pack_fill(struct buffer *out, size_t length)
{
    static const char zeros[PACK_BLOCK];
    for (; length > 0; length -= length < PACK_BLOCK ? length : PACK_BLOCK)
        buffer_append(out, zeros, length < PACK_BLOCK ? length : PACK_BLOCK);
}

static inline void pack_tar_name(char out[100], const char *name)
{
    size_t length = strlen(name);
    memcpy(out, name, length < 100 ? length : 100);
}

static inline void pack_tar_header(struct buffer *out, const struct pack_tar *entry)
{
    char header[PACK_BLOCK] = { 0 };
    uint64_t size = entry->declared ? entry->declared : entry->body_length;
    pack_tar_name(header, entry->name);
    snprintf(header + 100, 8, "%07o", 0644U);
    snprintf(header + 108, 8, "%07o", 0U);
    snprintf(header + 116, 8, "%07o", 0U);
    snprintf(header + 124, 12, "%011llo", (unsigned long long)size & 077777777777);
    snprintf(header + 136, 12, "%011o", 0U);
    header[156] = entry->type;
    if (entry->link)
        pack_tar_name(header + 157, entry->link);
    memcpy(header + 257, "ustar\00000", 8);
    memset(header + 148, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof(header); i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    buffer_append(out, header, sizeof(header));
}

static inline void pack_tar_entry(struct buffer *out, const struct pack_tar *entry)
{
    pack_tar_header(out, entry);
    if (entry->body_length == 0)
        return;
    buffer_append(out, entry->body, entry->body_length);
    pack_fill(out, (PACK_BLOCK - entry->body_length % PACK_BLOCK) % PACK_BLOCK);
}

static inline void pack_tar_file(struct buffer *out, const char *name, const char *body)
{
    pack_tar_entry(out, &(struct pack_tar) {
                            .name = name, .type = '0', .body = body, .body_length = strlen(body) });
}

static inline void pack_tar_typed(struct buffer *out, const char *name, char type, const char *link)
{
    pack_tar_entry(out, &(struct pack_tar) { .name = name, .type = type, .link = link });
}

static inline void pack_pax_record(struct buffer *records, const char *key, const char *value)
{
    size_t rest = strlen(key) + strlen(value) + 3; // ' ', '=' and the newline
    size_t length = rest + 1;
    for (char digits[24]; length != rest + (size_t)snprintf(digits, 24, "%zu", length);)
        length++;
    buffer_append_format(records, "%zu %s=%s\n", length, key, value);
}

// A pax header for the entry that comes next; releases the records.
static inline void pack_tar_records(struct buffer *out, struct buffer *records)
{
    pack_tar_entry(out, &(struct pack_tar) { .name = "pax",
                                             .type = 'x',
                                             .body = records->bytes,
                                             .body_length = records->length });
    buffer_release(records);
}

static inline void pack_tar_pax(struct buffer *out, const char *key, const char *value)
{
    struct buffer records = { 0 };
    pack_pax_record(&records, key, value);
    pack_tar_records(out, &records);
}

// A sparse file in GNU's form 0.1: `map` lists offset and length of each run in the body.
static inline void pack_tar_sparse(struct buffer *out, const char *name, const char *map,
                                   const char *size, const char *body)
{
    struct buffer records = { 0 };
    pack_pax_record(&records, "GNU.sparse.map", map);
    pack_pax_record(&records, "GNU.sparse.size", size);
    pack_tar_records(out, &records);
    pack_tar_file(out, name, body);
}

static inline void pack_tar_end(struct buffer *out)
{
    pack_fill(out, 2 * PACK_BLOCK);
}

// --- zip ---

struct pack_zip {
    const char *name;
    size_t name_length; // 0: strlen
    const char *body;
    uint32_t mode;        // Unix mode; 0: a plain file
    uint16_t flags;       // 1: encrypted, 0x800: the name is UTF-8
    uint32_t checksum_or; // flips bits of the checksum
};

static inline void pack_number(struct buffer *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buffer_append_byte(out, (char)(number >> (8 * i)));
}

static inline uint32_t pack_checksum(const char *bytes, size_t length)
{
    return libdeflate_crc32(0, bytes, length);
}

// What a local header and a directory record have in common.
static inline void pack_zip_fields(struct buffer *out, const struct pack_zip *entry, size_t name)
{
    size_t body = entry->body ? strlen(entry->body) : 0;
    pack_number(out, 20, 2);
    pack_number(out, entry->flags, 2);
    pack_number(out, 0, 2);           // stored
    pack_number(out, 0x00210000U, 4); // 1980-01-01
    pack_number(out, pack_checksum(entry->body ? entry->body : "", body) ^ entry->checksum_or, 4);
    pack_number(out, body, 4);
    pack_number(out, body, 4);
    pack_number(out, name, 2);
    pack_number(out, 0, 2);
}

static inline void pack_zip_end(struct buffer *out, size_t count, size_t directory)
{
    size_t size = out->length - directory;
    buffer_append(out, "PK\5\6\0\0\0\0", 8);
    pack_number(out, count & 0xffff, 2);
    pack_number(out, count & 0xffff, 2);
    pack_number(out, size, 4);
    pack_number(out, directory, 4);
    pack_number(out, 0, 2);
}

static inline void pack_zip(struct buffer *out, const struct pack_zip *entries, size_t count)
{
    size_t offsets[16] = { 0 };
    for (size_t i = 0; i < count; i++) {
        size_t name = entries[i].name_length ? entries[i].name_length : strlen(entries[i].name);
        offsets[i] = out->length;
        buffer_append(out, "PK\3\4", 4);
        pack_zip_fields(out, &entries[i], name);
        buffer_append(out, entries[i].name, name);
        buffer_append_text(out, entries[i].body ? entries[i].body : "");
    }
    size_t directory = out->length;
    for (size_t i = 0; i < count; i++) {
        size_t name = entries[i].name_length ? entries[i].name_length : strlen(entries[i].name);
        buffer_append(out, "PK\1\2", 4);
        pack_number(out, 0x0314, 2); // made on Unix
        pack_zip_fields(out, &entries[i], name);
        pack_number(out, 0, 6); // comment, disk, internal attributes
        pack_number(out, (uint64_t)(entries[i].mode ? entries[i].mode : 0100644) << 16, 4);
        pack_number(out, offsets[i], 4);
        buffer_append(out, entries[i].name, name);
    }
    pack_zip_end(out, count, directory);
}

// --- compression ---

static inline la_ssize_t pack_collect(struct archive *writer, void *context, const void *bytes,
                                      size_t length)
{
    (void)writer;
    buffer_append(context, bytes, length);
    return (la_ssize_t)length;
}

// One stream of `filter` (ARCHIVE_FILTER_GZIP or _ZSTD) of the bytes.
static inline void pack_compress(struct buffer *out, const struct buffer *in, int filter)
{
    struct archive *writer = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    archive_write_set_format_raw(writer);
    archive_write_add_filter(writer, filter);
    archive_write_set_bytes_in_last_block(writer, 1);
    archive_write_open(writer, out, NULL, pack_collect, NULL);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(writer, entry);
    archive_write_data(writer, buffer_text(in), in->length);
    archive_write_close(writer);
    archive_entry_free(entry);
    archive_write_free(writer);
}
