// CRC-32 as gzip uses it (RFC 1952, section 8), for libarchive reads past gzip's without looking.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Eight tables, so that eight bytes are taken at a time: about a gigabyte a second.
struct archive_checksum {
    uint32_t tables[8][256];
    uint32_t value; // the CRC-32 of all that was added
};

void archive_checksum_init(struct archive_checksum *checksum);
void archive_checksum_add(struct archive_checksum *checksum, const void *bytes, size_t length);
