// Fuzzes what is read of a request behind its head: the values of Range, If-Range, If-None-Match
// and Accept-Encoding, and the parameters of its target, a line of the input each.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "coding.h"
#include "etag.h"
#include "fuzz/must.h"
#include "query.h"
#include "range.h"

#define ETAG "\"sha256:0a\""
#define ROOM 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The next line, on memory of its own, so that the sanitizer sees one read too many.
static struct head_span take_line(char **owner, const uint8_t **at, const uint8_t *end)
{
    const uint8_t *newline = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    size_t length = (size_t)((newline ? newline : end) - *at);
    *owner = malloc(length ? length : 1);
    must(*owner != NULL);
    for (size_t i = 0; i < length; i++)
        (*owner)[i] = (char)(*at)[i];
    *at = newline ? newline + 1 : end;
    return (struct head_span) { *owner, length };
}

static bool holds(struct head_span text, const char *part)
{
    return memmem(text.bytes, text.length, part, strlen(part)) != NULL;
}

static void check_range(struct head_span value)
{
    static const uint64_t sizes[] = { 0, 1, 4096, UINT64_C(1) << 40, UINT64_MAX };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        uint64_t first = 0;
        uint64_t count = 0;
        if (range_parse(value, sizes[i], &first, &count) == RANGE_PART)
            must(count > 0 && first < sizes[i] && count <= sizes[i] - first);
    }
}

static void check_condition(struct head_span if_range, struct head_span if_none_match)
{
    bool is_same =
        if_range.length == strlen(ETAG) && memcmp(if_range.bytes, ETAG, strlen(ETAG)) == 0;
    must(range_condition_holds(if_range, ETAG) == is_same);
    if (etag_list_matches(if_none_match.bytes, if_none_match.length, ETAG, strlen(ETAG)))
        must(holds(if_none_match, ETAG) || holds(if_none_match, "*"));
}

static void check_coding(struct head_span accepted)
{
    for (unsigned available = 0; available < 1U << SNAPSHOT_ENCODING_COUNT; available++) {
        enum snapshot_encoding chosen = coding_choose(accepted, available);
        must(chosen == SNAPSHOT_IDENTITY || available & 1U << chosen);
        must((chosen == SNAPSHOT_IDENTITY) == !coding_name(chosen));
    }
}

static void check_query(struct head_span query)
{
    static const struct query_number bounds = { .least = 1, .most = 100, .fallback = 10 };
    struct error err = { 0 };
    char value[ROOM];
    size_t length;
    unsigned number;
    bool is_there;
    enum status status = query_get(query, "q", value, sizeof(value), &length, &is_there, &err);
    must(status == STATUS_OK || (status == STATUS_INVALID && err.message[0]));
    if (status == STATUS_OK && is_there)
        must(length < sizeof(value) && value[length] == '\0' && holds(query, "q="));
    status = query_get_number(query, "limit", &bounds, &number, &err);
    must(status == STATUS_OK || (status == STATUS_INVALID && err.message[0]));
    if (status == STATUS_OK)
        must(number == bounds.fallback || (number >= bounds.least && number <= bounds.most));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *lines[5] = { 0 };
    struct head_span values[COUNT_OF(lines)];
    const uint8_t *end = data + size;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        values[i] = take_line(&lines[i], &data, end);
    check_range(values[0]);
    check_condition(values[1], values[2]);
    check_coding(values[3]);
    check_query(values[4]);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        free(lines[i]);
    return 0;
}
