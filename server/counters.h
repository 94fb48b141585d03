// What the server counts, for who reads /metrics. Each worker has its own, which only it writes, so
// that counting takes no lock and no shared cache line; whoever reads adds them up.
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum counter {
    COUNTER_ACCEPTED,
    COUNTER_REFUSED_FULL,    // connections: all places taken by requests under way
    COUNTER_REFUSED_ADDRESS, // connections: its address has its share
    COUNTER_REFUSED_SYSTEM,  // no descriptor or memory left for one
    COUNTER_EVICTED,         // idle connections that made room
    COUNTER_TIMEOUT_IDLE,
    COUNTER_TIMEOUT_HEAD,
    COUNTER_TIMEOUT_BODY,
    COUNTER_TIMEOUT_SEND,
    COUNTER_HANDSHAKES_FAILED,
    COUNTER_RECEIVED_BYTES,
    COUNTER_SENT_BYTES,
    COUNTER_COUNT,
};

#define COUNTERS_ROUTES 32U   // more than the table of routes has; the last is for no route
#define COUNTERS_STATUSES 32U // more than there are in response.c
#define COUNTERS_REASONS 32U  // more than there are in counters.c
#define COUNTERS_BUCKETS 14U

struct counters {
    _Alignas(64) _Atomic uint64_t values[COUNTER_COUNT];
    _Atomic uint64_t answers[COUNTERS_ROUTES][COUNTERS_STATUSES];
    _Atomic uint64_t reasons[COUNTERS_REASONS]; // of refusals
    _Atomic uint64_t buckets[COUNTERS_BUCKETS]; // of answers, by the time they took
    _Atomic uint64_t latency_ns;                // in all
    // Not counted up, but as it is:
    _Atomic uint64_t open_connections;
    _Atomic uint64_t idle_connections;
};

// For the one writer only.
static inline void counters_raise(_Atomic uint64_t *value, uint64_t by)
{
    uint64_t now = atomic_load_explicit(value, memory_order_relaxed);
    atomic_store_explicit(value, now + by, memory_order_relaxed);
}

static inline void counters_add(struct counters *counters, enum counter counter, uint64_t by)
{
    counters_raise(&counters->values[counter], by);
}

static inline uint64_t counters_read(const _Atomic uint64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

// An answer that went out; `route` is its row's number (route.h), `latency_ns` from when the
// request was there until it was answered.
void counters_answer(struct counters *counters, size_t route, unsigned http_status,
                     uint64_t latency_ns);

// A request that was refused, by the code of its error.
void counters_refuse(struct counters *counters, const char *code);

// For who prints them. NULL behind the last.
const char *counters_reason(size_t reason);
unsigned counters_status(size_t status);
double counters_bucket_seconds(size_t bucket); // the longest time in it; infinity for the last
