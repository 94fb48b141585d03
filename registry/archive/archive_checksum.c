// CRC-32 as gzip uses it (RFC 1952, section 8).
#include "archive/archive_checksum.h"

#define REVERSED_POLYNOMIAL 0xEDB88320U

void archive_checksum_init(struct archive_checksum *checksum)
{
    checksum->value = 0;
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++)
            value = value & 1 ? (value >> 1) ^ REVERSED_POLYNOMIAL : value >> 1;
        checksum->tables[0][byte] = value;
    }
    for (int table = 1; table < 8; table++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t value = checksum->tables[table - 1][byte];
            checksum->tables[table][byte] = (value >> 8) ^ checksum->tables[0][value & 0xff];
        }
}

void archive_checksum_add(struct archive_checksum *checksum, const void *bytes, size_t length)
{
    const uint32_t(*tables)[256] = (const uint32_t(*)[256])checksum->tables;
    const uint8_t *from = bytes;
    uint32_t value = ~checksum->value;
    for (; length >= 8; length -= 8, from += 8) {
        value ^= (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
                 (uint32_t)from[3] << 24;
        value = tables[7][value & 0xff] ^ tables[6][value >> 8 & 0xff] ^
                tables[5][value >> 16 & 0xff] ^ tables[4][value >> 24] ^ tables[3][from[4]] ^
                tables[2][from[5]] ^ tables[1][from[6]] ^ tables[0][from[7]];
    }
    for (; length > 0; length--, from++)
        value = (value >> 8) ^ tables[0][(value ^ *from) & 0xff];
    checksum->value = ~value;
}
