// Keywords about values of any type, numbers and strings.
#include <stdio.h>
#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/schema_run.h"
#include "base/memory.h"
#include "base/text.h"

#define BYTES_PER_STEP 64
#define EXPECTED_BYTES 400 // of a list of what was expected

static const struct type_word {
    const char *word;
    unsigned mask;
} type_words[] = {
    { "null", 1U << JSON_NULL },        { "boolean", 1U << JSON_BOOLEAN },
    { "integer", SCHEMA_TYPE_INTEGER }, { "number", 1U << JSON_NUMBER },
    { "string", 1U << JSON_STRING },    { "array", 1U << JSON_ARRAY },
    { "object", 1U << JSON_OBJECT },
};

unsigned schema_scalar_type_mask(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(type_words); i++)
        if (strcmp(type_words[i].word, word) == 0)
            return type_words[i].mask;
    return 0;
}

unsigned schema_scalar_types_of(const struct json *instance)
{
    enum json_type type = json_type(instance);
    bool whole = type == JSON_NUMBER && json_decimal_value_is_whole(instance);
    return 1U << type | (whole ? SCHEMA_TYPE_INTEGER : 0);
}

// "string", or "integer" rather than "number" where it is one.
static const char *type_word(const struct json *instance)
{
    unsigned types = schema_scalar_types_of(instance);
    for (size_t i = 0; i < COUNT_OF(type_words); i++)
        if (type_words[i].mask & types)
            return type_words[i].word;
    return "value";
}

bool schema_scalar_type(struct schema_run *run, const struct schema_keyword *keyword,
                        const struct schema_frame *frame)
{
    char expected[EXPECTED_BYTES];
    size_t length = 0;
    if (keyword->types & schema_scalar_types_of(frame->instance))
        return true;
    if (!schema_run_is_reporting(run))
        return false;
    for (size_t i = 0; i < COUNT_OF(type_words); i++)
        if (keyword->types & type_words[i].mask)
            length += (size_t)snprintf(expected + length, sizeof(expected) - length, "%s%s",
                                       length > 0 ? " or " : "", type_words[i].word);
    return schema_run_fail(run, keyword, frame->place, "expected %s, found %s", expected,
                           type_word(frame->instance));
}

// --- enum and const ---

// The first of the values, sorted by hash, that does not come before it.
static size_t lower_bound(const struct schema_keyword *keyword, uint64_t hash)
{
    size_t low = 0;
    size_t high = keyword->value_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keyword->values[middle].hash.hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_among(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct json *instance)
{
    if (!(keyword->types & schema_scalar_types_of(instance)))
        return false;
    struct json_hash hash = json_hash(instance);
    if (!schema_run_charge(run, hash.weight))
        return false;
    for (size_t i = lower_bound(keyword, hash.hash); i < keyword->value_count; i++) {
        const struct schema_enum_value *value = &keyword->values[i];
        if (value->hash.hash != hash.hash || !schema_run_charge(run, value->hash.weight))
            return false;
        if (json_equal(value->value, instance))
            return true;
    }
    return false;
}

// "1", "2" or "3", in the schema's order, cut when long.
static void list_expected(struct schema_run *run, const struct json *values,
                          char out[EXPECTED_BYTES])
{
    size_t length = 0;
    out[0] = '\0';
    for (const struct json *value = json_first(values); value; value = json_next(value)) {
        char shown[SCHEMA_SHOWN_BYTES];
        schema_run_show(run, value, shown);
        bool fits = length + strlen(shown) + sizeof(" or ") + sizeof(", …") < EXPECTED_BYTES;
        const char *separator = length == 0 ? "" : json_next(value) ? ", " : " or ";
        length += (size_t)snprintf(out + length, EXPECTED_BYTES - length, "%s%s",
                                   fits ? separator : ", ", fits ? shown : "…");
        if (!fits)
            return;
    }
}

bool schema_scalar_enum(struct schema_run *run, const struct schema_keyword *keyword,
                        const struct schema_frame *frame)
{
    char expected[EXPECTED_BYTES];
    if (is_among(run, keyword, frame->instance))
        return true;
    if (!schema_run_is_reporting(run) || run->status != STATUS_OK)
        return false;
    list_expected(run, keyword->value, expected);
    return schema_run_fail(run, keyword, frame->place, "expected one of %s", expected);
}

bool schema_scalar_const(struct schema_run *run, const struct schema_keyword *keyword,
                         const struct schema_frame *frame)
{
    char expected[SCHEMA_SHOWN_BYTES];
    if (is_among(run, keyword, frame->instance))
        return true;
    schema_run_show(run, keyword->value, expected);
    return schema_run_fail(run, keyword, frame->place, "expected %s", expected);
}

// --- numbers ---

static bool is_number(const struct schema_frame *frame)
{
    return json_is(frame->instance, JSON_NUMBER);
}

static bool fail_number(struct schema_run *run, const struct schema_keyword *keyword,
                        const struct schema_frame *frame, const char *relation)
{
    char limit[SCHEMA_SHOWN_BYTES];
    char found[SCHEMA_SHOWN_BYTES];
    schema_run_show(run, keyword->value, limit);
    schema_run_show(run, frame->instance, found);
    return schema_run_fail(run, keyword, frame->place, "expected a number %s %s, found %s",
                           relation, limit, found);
}

bool schema_scalar_minimum(struct schema_run *run, const struct schema_keyword *keyword,
                           const struct schema_frame *frame)
{
    return !is_number(frame) || json_decimal_compare_values(frame->instance, keyword->value) >= 0 ||
           fail_number(run, keyword, frame, "of at least");
}

bool schema_scalar_maximum(struct schema_run *run, const struct schema_keyword *keyword,
                           const struct schema_frame *frame)
{
    return !is_number(frame) || json_decimal_compare_values(frame->instance, keyword->value) <= 0 ||
           fail_number(run, keyword, frame, "of at most");
}

bool schema_scalar_exclusive_minimum(struct schema_run *run, const struct schema_keyword *keyword,
                                     const struct schema_frame *frame)
{
    return !is_number(frame) || json_decimal_compare_values(frame->instance, keyword->value) > 0 ||
           fail_number(run, keyword, frame, "above");
}

bool schema_scalar_exclusive_maximum(struct schema_run *run, const struct schema_keyword *keyword,
                                     const struct schema_frame *frame)
{
    return !is_number(frame) || json_decimal_compare_values(frame->instance, keyword->value) < 0 ||
           fail_number(run, keyword, frame, "below");
}

bool schema_scalar_multiple_of(struct schema_run *run, const struct schema_keyword *keyword,
                               const struct schema_frame *frame)
{
    uint64_t steps = 0;
    if (!is_number(frame))
        return true;
    bool multiple = json_decimal_value_is_multiple(frame->instance, keyword->value, &steps);
    if (!schema_run_charge(run, steps))
        return false;
    return multiple || fail_number(run, keyword, frame, "that is a multiple of");
}

// --- strings ---

// The instance's length in code points; false if it is no string.
static bool measure(struct schema_run *run, const struct schema_frame *frame, size_t *out)
{
    const char *text = json_string(frame->instance);
    size_t bytes = text ? strlen(text) : 0;
    schema_run_charge(run, 1 + bytes / BYTES_PER_STEP);
    *out = text ? text_count_code_points(text, bytes) : 0;
    return text != NULL;
}

bool schema_scalar_min_length(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    size_t length;
    return !measure(run, frame, &length) || length >= keyword->limit ||
           schema_run_fail(run, keyword, frame->place,
                           "expected at least %lu characters, found %zu",
                           (unsigned long)keyword->limit, length);
}

bool schema_scalar_max_length(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    size_t length;
    return !measure(run, frame, &length) || length <= keyword->limit ||
           schema_run_fail(run, keyword, frame->place, "expected at most %lu characters, found %zu",
                           (unsigned long)keyword->limit, length);
}

bool schema_scalar_pattern(struct schema_run *run, const struct schema_keyword *keyword,
                           const struct schema_frame *frame)
{
    const char *text = json_string(frame->instance);
    if (!text || schema_run_matches(run, keyword->patterns[0], text))
        return run->status == STATUS_OK;
    return schema_run_fail(run, keyword, frame->place, "expected text that matches %.200s",
                           json_string(keyword->value));
}
