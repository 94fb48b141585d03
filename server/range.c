// Which part of an answer a caller wants.
#include "range.h"

#include <string.h>
#include <strings.h>

#define MAX_DIGITS 18 // no such number overflows

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// The digits at *at, which moves behind them. False when there are none, or too many.
static bool take_number(uint64_t *out, const char **at, const char *end)
{
    const char *begin = *at;
    *out = 0;
    while (*at < end && is_digit(**at) && *at - begin <= MAX_DIGITS)
        *out = *out * 10 + (uint64_t)(*(*at)++ - '0');
    return *at > begin && *at - begin <= MAX_DIGITS;
}

static enum range_kind last_bytes(uint64_t wanted, uint64_t size_bytes, uint64_t *first,
                                  uint64_t *count)
{
    *count = wanted < size_bytes ? wanted : size_bytes;
    *first = size_bytes - *count;
    return *count > 0 ? RANGE_PART : RANGE_UNSATISFIABLE;
}

enum range_kind range_parse(struct head_span value, uint64_t size_bytes, uint64_t *first,
                            uint64_t *count)
{
    static const char unit[] = "bytes=";
    const size_t unit_bytes = sizeof(unit) - 1;
    uint64_t last = UINT64_MAX;
    if (value.length <= unit_bytes || strncasecmp(value.bytes, unit, unit_bytes) != 0)
        return RANGE_WHOLE;
    const char *at = value.bytes + unit_bytes;
    const char *end = value.bytes + value.length;
    bool has_first = take_number(first, &at, end);
    if (at == end || *at++ != '-')
        return RANGE_WHOLE;
    bool has_last = at < end && take_number(&last, &at, end);
    if (at != end || (!has_first && !has_last) || (has_first && last < *first))
        return RANGE_WHOLE;
    if (!has_first)
        return last_bytes(last, size_bytes, first, count);
    if (*first >= size_bytes)
        return RANGE_UNSATISFIABLE;
    *count = (last < size_bytes - 1 ? last + 1 : size_bytes) - *first;
    return RANGE_PART;
}

bool range_condition_holds(struct head_span value, const char *etag)
{
    return !value.bytes ||
           (value.length == strlen(etag) && memcmp(value.bytes, etag, value.length) == 0);
}
