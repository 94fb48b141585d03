// Runs of bytes that nobody has to look at one by one.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Eight times the byte.
#define BYTE_RUN_EIGHT(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

// Where in eight bytes one is `byte`: its top bit is set, and perhaps those of bytes above it.
static inline uint64_t byte_run_find(uint64_t eight, unsigned char byte)
{
    uint64_t differs = eight ^ BYTE_RUN_EIGHT(byte);
    return (differs - BYTE_RUN_EIGHT(0x01)) & ~differs & BYTE_RUN_EIGHT(0x80);
}

// How many bytes stand before the first one that `stops` may want to see, rounded down to a
// multiple of eight: the rest is for the caller's own loop. `stops` answers for eight bytes.
static inline size_t byte_run_length(const char *bytes, size_t length,
                                     uint64_t (*stops)(uint64_t eight))
{
    size_t at = 0;
    uint64_t eight;
    for (; length - at >= sizeof(eight); at += sizeof(eight)) {
        memcpy(&eight, bytes + at, sizeof(eight));
        if (stops(eight))
            break;
    }
    return at;
}
