// Which content coding a caller gets.
#include "coding.h"

#include "base/memory.h"

#define WHOLE 1000 // a weight of 1, in thousandths
#define UNSAID (-1)

static const struct {
    const char *name;
    enum snapshot_encoding encoding;
} codings[] = {
    { "zstd", SNAPSHOT_ZSTD },
    { "gzip", SNAPSHOT_GZIP },
    { "x-gzip", SNAPSHOT_GZIP }, // RFC 9110 section 8.4.1.3
    { "identity", SNAPSHOT_IDENTITY },
};

const char *coding_name(enum snapshot_encoding encoding)
{
    return encoding == SNAPSHOT_ZSTD ? "zstd" : encoding == SNAPSHOT_GZIP ? "gzip" : NULL;
}

static struct head_span trim(struct head_span span)
{
    while (span.length > 0 && (*span.bytes == ' ' || *span.bytes == '\t'))
        span = (struct head_span) { span.bytes + 1, span.length - 1 };
    while (span.length > 0 &&
           (span.bytes[span.length - 1] == ' ' || span.bytes[span.length - 1] == '\t'))
        span.length--;
    return span;
}

// Takes what stands before the next `mark` off *rest.
static struct head_span split(struct head_span *rest, char mark)
{
    size_t length = 0;
    while (length < rest->length && rest->bytes[length] != mark)
        length++;
    struct head_span first = { rest->bytes, length };
    length += length < rest->length;
    *rest = (struct head_span) { rest->bytes + length, rest->length - length };
    return trim(first);
}

// "0.8" in thousandths. What is no weight counts as 0: the caller can be served without.
static int parse_weight(struct head_span text)
{
    int weight = 0;
    int digit = WHOLE;
    if (text.length == 0 || text.length > 5 || (text.length > 1 && text.bytes[1] != '.'))
        return 0;
    for (size_t i = 0; i < text.length; i++) {
        if (i == 1)
            continue;
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return 0;
        weight += (text.bytes[i] - '0') * digit;
        digit /= 10;
    }
    return weight <= WHOLE ? weight : 0;
}

// The weight among the parameters behind a coding; 1 where none is said.
static int weight_of(struct head_span parameters)
{
    while (parameters.length > 0) {
        struct head_span value = split(&parameters, ';');
        struct head_span name = split(&value, '=');
        if (head_span_is(name, "q"))
            return parse_weight(trim(value));
    }
    return WHOLE;
}

static void note(int weights[SNAPSHOT_ENCODING_COUNT], int *others, struct head_span item)
{
    struct head_span name = split(&item, ';');
    int weight = weight_of(item);
    if (head_span_is(name, "*"))
        *others = weight;
    for (size_t i = 0; i < COUNT_OF(codings); i++)
        if (head_span_is(name, codings[i].name))
            weights[codings[i].encoding] = weight;
}

enum snapshot_encoding coding_choose(struct head_span accepted, unsigned available)
{
    int weights[SNAPSHOT_ENCODING_COUNT] = { UNSAID, UNSAID, UNSAID };
    int others = UNSAID;
    enum snapshot_encoding best = SNAPSHOT_IDENTITY;
    int best_weight = 0;
    if (!accepted.bytes)
        return SNAPSHOT_IDENTITY;
    while (accepted.length > 0) {
        struct head_span item = split(&accepted, ',');
        note(weights, &others, item);
    }
    for (size_t i = 0; i < COUNT_OF(codings); i++) {
        enum snapshot_encoding encoding = codings[i].encoding;
        int weight = weights[encoding] == UNSAID ? others : weights[encoding];
        if (encoding == SNAPSHOT_IDENTITY && weight == UNSAID)
            weight = 1; // acceptable, and liked less than what was named
        if (available & 1U << encoding && weight > best_weight) {
            best = encoding;
            best_weight = weight;
        }
    }
    return best;
}
