// What the server counts.
#include "counters.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

// Codes of refused requests, as they stand in the answers. What is not here counts as the last.
static const char *const reasons[] = {
    "request_line_invalid",
    "line_invalid",
    "field_invalid",
    "fields_too_large",
    "version_not_supported",
    "method_unknown",
    "target_invalid",
    "target_too_long",
    "host_invalid",
    "authorization_invalid",
    "framing_invalid",
    "content_invalid",
    "content_unexpected",
    "content_too_large",
    "expectation_failed",
    "request_timeout",
    "method_not_allowed",
    "unauthenticated",
    "forbidden",
    "not_found",
    "state_unknown",
    "busy",
    "other",
};
_Static_assert(COUNT_OF(reasons) <= COUNTERS_REASONS, "counters.h has room for all");

static const unsigned short statuses[] = {
    200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 408, 409, 412,
    413, 414, 415, 416, 417, 422, 429, 431, 500, 501, 503, 505, 0,
};
_Static_assert(COUNT_OF(statuses) <= COUNTERS_STATUSES, "counters.h has room for all");

static const uint64_t bucket_ends_ns[] = {
    10000,   25000,    50000,    100000,    250000,    500000,     1000000,
    2500000, 10000000, 25000000, 100000000, 250000000, 1000000000,
};
_Static_assert(COUNT_OF(bucket_ends_ns) == COUNTERS_BUCKETS - 1, "one more for all that is longer");

void counters_answer(struct counters *counters, size_t route, unsigned http_status,
                     uint64_t latency_ns)
{
    size_t status = 0;
    size_t bucket = 0;
    while (status < COUNT_OF(statuses) - 1 && statuses[status] != http_status)
        status++;
    while (bucket < COUNT_OF(bucket_ends_ns) && latency_ns > bucket_ends_ns[bucket])
        bucket++;
    counters_raise(
        &counters->answers[route < COUNTERS_ROUTES ? route : COUNTERS_ROUTES - 1][status], 1);
    counters_raise(&counters->buckets[bucket], 1);
    counters_raise(&counters->latency_ns, latency_ns);
}

void counters_refuse(struct counters *counters, const char *code)
{
    size_t reason = 0;
    while (reason < COUNT_OF(reasons) - 1 && strcmp(reasons[reason], code) != 0)
        reason++;
    counters_raise(&counters->reasons[reason], 1);
}

const char *counters_reason(size_t reason)
{
    return reason < COUNT_OF(reasons) ? reasons[reason] : NULL;
}

unsigned counters_status(size_t status)
{
    return status < COUNT_OF(statuses) ? statuses[status] : 0;
}

double counters_bucket_seconds(size_t bucket)
{
    return bucket < COUNT_OF(bucket_ends_ns) ? (double)bucket_ends_ns[bucket] / 1e9 : INFINITY;
}
