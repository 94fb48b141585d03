// What a server allows its callers: how many connections, and how long each may take for what.
#pragma once

#include <stdint.h>

// Of each thread; a waiting connection takes about 500 bytes of ours, and the kernel's own.
#define LIMITS_CONNECTIONS_PER_THREAD 4096U
// One address may have a share of all connections, so that it cannot take them from the others.
#define LIMITS_ADDRESS_SHARE 4U

#define LIMITS_IDLE_SECONDS 60U // longer than the pause between two turns of a call
#define LIMITS_HEAD_SECONDS 10U // a head fits one packet or two
#define LIMITS_STALL_SECONDS 10U
// Content, or an answer that is taken, in each LIMITS_STALL_SECONDS: a kilobyte a second is slower
// than any network between servers.
#define LIMITS_STALL_BYTES (10U << 10)
#define LIMITS_LINGER_SECONDS 2U // so that our last words are read before a reset
#define LIMITS_STOP_SECONDS 5U   // longer than any answer but a large archive takes

#define LIMITS_MAX_CONNECTIONS 1000000U
#define LIMITS_MAX_SECONDS 86400

struct limits {
    unsigned connections; // of the whole server; 0: as many as threads and descriptors allow
    unsigned per_address; // 0: its share
    int64_t idle_seconds;
    int64_t head_seconds;
    int64_t stall_seconds;
    int64_t stop_seconds;
};
#define LIMITS_DEFAULT                                                                             \
    ((struct limits) { .idle_seconds = LIMITS_IDLE_SECONDS,                                        \
                       .head_seconds = LIMITS_HEAD_SECONDS,                                        \
                       .stall_seconds = LIMITS_STALL_SECONDS,                                      \
                       .stop_seconds = LIMITS_STOP_SECONDS })
