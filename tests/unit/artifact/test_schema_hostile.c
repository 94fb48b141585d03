// Unit tests that no schema and no value can hang the validator or exhaust memory: each of these
// would run for years, or overflow the stack, without the limits.
#include "unit/artifact/schema_case.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/clock.h"

#define MAX_MS 20000 // under sanitizers, on a busy machine; a tenth of it is usual

// Under valgrind all takes longer by a factor that its caller names.
static int64_t max_ms(void)
{
    const char *factor = getenv("GREENROOM_SLOWER");
    return MAX_MS * (factor ? strtol(factor, NULL, 10) : 1);
}

static enum status run(const char *schema_text, const char *value_text, struct error *err)
{
    struct json *document OWNED(json_release) = schema_case_json(schema_text);
    struct json *value OWNED(json_release) = schema_case_json(value_text);
    struct schema *schema OWNED(schema_release) = NULL;
    int64_t begin = clock_monotonic_ms();
    enum status status = schema_compile(&schema, document, NULL, err);
    if (status == STATUS_OK)
        status = schema_validate(schema, "", value, NULL, NULL, err);
    assert_true(clock_monotonic_ms() - begin < max_ms());
    return status;
}

static void assert_ends(const char *schema_text, const char *value_text, enum status expected)
{
    struct error err = { 0 };
    enum status status = run(schema_text, value_text, &err);
    if (status != expected)
        fail_msg("%.200s: status %d (%s)", schema_text, (int)status, err.message);
}

static void append_many(struct buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_text(out, text);
}

static void test_schema_hostile__references_in_a_circle_end(void **state)
{
    (void)state;
    assert_ends("{\"$ref\":\"#\"}", "1", STATUS_TOO_LARGE);
    assert_ends("{\"$dynamicRef\":\"#a\",\"$dynamicAnchor\":\"a\"}", "1", STATUS_TOO_LARGE);
    assert_ends("{\"allOf\":[{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
                "\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}}}",
                "1", STATUS_TOO_LARGE);
    assert_ends("{\"not\":{\"$ref\":\"#\"}}", "1", STATUS_TOO_LARGE);
    assert_ends("{\"$ref\":\"#/$ref\"}", "1", STATUS_INVALID);
}

// Each definition refers twice to the next: 2^60 ways down.
static void test_schema_hostile__exponential_references_end(void **state)
{
    (void)state;
    static const char *const keywords[] = { "allOf", "anyOf", "oneOf" };
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        buffer_append_text(&text, "{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int j = 0; j < 60; j++)
            buffer_append_format(&text,
                                 "\"d%d\":{\"%s\":[{\"$ref\":\"#/$defs/d%d\"},"
                                 "{\"$ref\":\"#/$defs/d%d\"}]},",
                                 j, keywords[i], j + 1, j + 1);
        buffer_append_format(&text, "\"d60\":{\"type\":\"%s\"}}}", i == 0 ? "integer" : "string");
        assert_ends(buffer_text(&text), "1", STATUS_TOO_LARGE);
    }
}

// The same with evaluated members to be kept for each, on an object of many members.
static void test_schema_hostile__exponential_references_that_track_members_end(void **state)
{
    (void)state;
    struct buffer schema OWNED(buffer_release) = { 0 };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"unevaluatedProperties\":false,\"$ref\":\"#/$defs/d0\","
                                "\"$defs\":{");
    for (int i = 0; i < 60; i++)
        buffer_append_format(&schema,
                             "\"d%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/d%d\"},"
                             "{\"$ref\":\"#/$defs/d%d\"}]},",
                             i, i + 1, i + 1);
    buffer_append_text(&schema, "\"d60\":{}}}");
    buffer_append_text(&value, "{\"k\":0");
    for (int i = 0; i < 100000; i++)
        buffer_append_format(&value, ",\"k%d\":%d", i, i);
    buffer_append_text(&value, "}");
    assert_ends(buffer_text(&schema), buffer_text(&value), STATUS_TOO_LARGE);
}

static void test_schema_hostile__deep_nesting_ends(void **state)
{
    (void)state;
    struct buffer value OWNED(buffer_release) = { 0 };
    append_many(&value, "[", JSON_MAX_DEPTH);
    append_many(&value, "]", JSON_MAX_DEPTH);
    assert_ends("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", buffer_text(&value), STATUS_OK);
    // A chain of references as long as it gets.
    struct buffer schema OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"$ref\":\"#/$defs/0\",\"$defs\":{");
    for (int i = 0; i < 5000; i++)
        buffer_append_format(&schema, "\"%d\":{\"$ref\":\"#/$defs/%d\"},", i, i + 1);
    buffer_append_text(&schema, "\"5000\":true}}");
    assert_ends(buffer_text(&schema), "1", STATUS_TOO_LARGE);
}

// The deepest schema that can be read is still checked against its metaschema.
static void test_schema_hostile__the_deepest_schema_is_taken(void **state)
{
    (void)state;
    static const char *const drafts[] = { "https://json-schema.org/draft/2020-12/schema",
                                          "http://json-schema.org/draft-07/schema#" };
    for (size_t i = 0; i < COUNT_OF(drafts); i++) {
        struct buffer schema OWNED(buffer_release) = { 0 };
        buffer_append_format(&schema, "{\"$schema\":\"%s\",\"not\":", drafts[i]);
        append_many(&schema, "{\"not\":", JSON_MAX_DEPTH - 2);
        buffer_append_text(&schema, "{}");
        append_many(&schema, "}", JSON_MAX_DEPTH - 1);
        assert_ends(buffer_text(&schema), "1", STATUS_REFUSED);
    }
}

static void test_schema_hostile__catastrophic_regular_expressions_end(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "^(a+)+$",
        "^(a|aa)+$",
        "(a*)*b",
        "^(?:a?){60}a{60}$",
        "(.*)(.*)(.*)(.*)(.*)(.*)[^a!]$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "([^b]*)*c",
        "(?=(a+))\\\\1*b",
        "(x+x+)+y|(a+a+)+z",
    };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&value, "\"");
    append_many(&value, "a", 5000);
    buffer_append_text(&value, "!\"");
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        struct error err = { 0 };
        struct buffer schema OWNED(buffer_release) = { 0 };
        buffer_append_format(&schema, "{\"pattern\":\"%s\"}", patterns[i]);
        enum status status = run(buffer_text(&schema), buffer_text(&value), &err);
        assert_true(status == STATUS_TOO_LARGE || status == STATUS_REFUSED);
    }
}

// Quadratic work that hides between two steps of the matcher, on a megabyte.
static void test_schema_hostile__regular_expressions_on_long_texts_end(void **state)
{
    (void)state;
    static const char *const patterns[] = { "a*b", "[^c]*d", "(?:a|b)*c", "\\\\w+@\\\\w+",
                                            "(?<=a{20})b" };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&value, "\"");
    append_many(&value, "aaaaaaaaaaaaaaaa", 1 << 16);
    buffer_append_text(&value, "\"");
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        struct error err = { 0 };
        struct buffer schema OWNED(buffer_release) = { 0 };
        buffer_append_format(&schema, "{\"pattern\":\"%s\"}", patterns[i]);
        enum status status = run(buffer_text(&schema), buffer_text(&value), &err);
        assert_true(status == STATUS_TOO_LARGE || status == STATUS_REFUSED);
    }
}

static void test_schema_hostile__many_large_regular_expressions_are_refused(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer schema OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"patternProperties\":{\"a\":true");
    for (int i = 0; i < 2000; i++)
        buffer_append_format(&schema, ",\"(?:abcdefgh[^x]){200}%d\":true", i);
    buffer_append_text(&schema, "}}");
    assert_int_equal(run(buffer_text(&schema), "{}", &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "fewer or simpler regular expressions in all"));
    assert_ends("{\"pattern\":\"((a{1,999}){1,999}){1,999}\"}", "1", STATUS_INVALID);
}

static void test_schema_hostile__enormous_numbers_end(void **state)
{
    (void)state;
    assert_ends("{\"multipleOf\":1e-400}", "1e400", STATUS_OK);
    assert_ends("{\"multipleOf\":3e-999999999}", "1e999999999", STATUS_REFUSED);
    assert_ends("{\"maximum\":1e999999999999999999999}", "1e99999", STATUS_OK);
    assert_ends("{\"type\":\"integer\"}", "1e999999999999999999999", STATUS_OK);
    struct buffer schema OWNED(buffer_release) = { 0 };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"items\":{\"multipleOf\":");
    append_many(&schema, "7", 511);
    buffer_append_text(&schema, "}}");
    buffer_append_text(&value, "[0");
    for (int i = 0; i < 10000; i++) {
        buffer_append_text(&value, ",");
        append_many(&value, "7", 511);
    }
    buffer_append_text(&value, "]");
    assert_ends(buffer_text(&schema), buffer_text(&value), STATUS_TOO_LARGE);
}

static void test_schema_hostile__a_huge_enum_on_a_huge_value_ends(void **state)
{
    (void)state;
    struct buffer schema OWNED(buffer_release) = { 0 };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"items\":{\"enum\":[0");
    for (int i = 1; i < 100000; i++)
        buffer_append_format(&schema, ",%d", i);
    buffer_append_text(&schema, "]}}");
    buffer_append_text(&value, "[0");
    for (int i = 1; i < 100000; i++)
        buffer_append_format(&value, ",%d.0", i);
    buffer_append_text(&value, "]");
    assert_ends(buffer_text(&schema), buffer_text(&value), STATUS_OK);
    // One large value against very many enums, each of which looks at all of it.
    struct buffer many OWNED(buffer_release) = { 0 };
    buffer_append_text(&many, "{\"allOf\":[{\"enum\":[[0]]}");
    for (int i = 0; i < 10000; i++)
        buffer_append_text(&many, ",{\"not\":{\"enum\":[[]]}}");
    buffer_append_text(&many, "]}");
    assert_ends(buffer_text(&many), "[0]", STATUS_OK);
    buffer_truncate(&many, 0);
    buffer_append_text(&many, "{\"allOf\":[{\"not\":{\"enum\":[[0]]}}");
    for (int i = 0; i < 10000; i++)
        buffer_append_text(&many, ",{\"not\":{\"enum\":[[]]}}");
    buffer_append_text(&many, "]}");
    assert_ends(buffer_text(&many), buffer_text(&value), STATUS_TOO_LARGE);
}

static void test_schema_hostile__unique_items_are_found_without_comparing_all(void **state)
{
    (void)state;
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&value, "[[0]");
    for (int i = 1; i < 100000; i++)
        buffer_append_format(&value, ",[%d]", i);
    buffer_append_text(&value, "]");
    assert_ends("{\"uniqueItems\":true}", buffer_text(&value), STATUS_OK);
    buffer_truncate(&value, value.length - 1);
    buffer_append_text(&value, ",[77.0]]");
    assert_ends("{\"uniqueItems\":true}", buffer_text(&value), STATUS_REFUSED);
}

static void test_schema_hostile__many_names_on_many_members_end(void **state)
{
    (void)state;
    struct buffer schema OWNED(buffer_release) = { 0 };
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"required\":[\"x\"");
    buffer_append_text(&value, "{\"x\":0");
    for (int i = 0; i < 50000; i++) {
        buffer_append_format(&schema, ",\"k%d\"", i);
        buffer_append_format(&value, ",\"k%d\":0", i);
    }
    buffer_append_text(&schema, "]}");
    buffer_append_text(&value, "}");
    assert_ends(buffer_text(&schema), buffer_text(&value), STATUS_OK);
    buffer_truncate(&schema, schema.length - 1);
    buffer_append_text(&schema, ",\"dependentRequired\":{\"x\":[\"k49999\"");
    for (int i = 0; i < 50000; i++)
        buffer_append_format(&schema, ",\"k%d\"", 49998 - i > 0 ? 49998 - i : 60000 + i);
    buffer_append_text(&schema, "]}}");
    assert_ends(buffer_text(&schema), buffer_text(&value), STATUS_TOO_LARGE);
}

static void test_schema_hostile__too_many_subschemas_are_refused(void **state)
{
    (void)state;
    struct buffer schema OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"allOf\":[true");
    append_many(&schema, ",true", 200000);
    buffer_append_text(&schema, "]}");
    struct error err = { 0 };
    enum status status = run(buffer_text(&schema), "1", &err);
    assert_true(status == STATUS_INVALID || status == STATUS_TOO_LARGE);
}

static void test_schema_hostile__resolving_many_references_ends(void **state)
{
    (void)state;
    struct buffer schema OWNED(buffer_release) = { 0 };
    buffer_append_text(&schema, "{\"$defs\":{\"x\":true");
    for (int i = 0; i < 20000; i++)
        buffer_append_format(&schema, ",\"k%d\":{\"$ref\":\"#/$defs/k19999\"}", i);
    buffer_append_text(&schema, "}}");
    assert_ends(buffer_text(&schema), "1", STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_hostile__references_in_a_circle_end),
        cmocka_unit_test(test_schema_hostile__exponential_references_end),
        cmocka_unit_test(test_schema_hostile__exponential_references_that_track_members_end),
        cmocka_unit_test(test_schema_hostile__deep_nesting_ends),
        cmocka_unit_test(test_schema_hostile__the_deepest_schema_is_taken),
        cmocka_unit_test(test_schema_hostile__catastrophic_regular_expressions_end),
        cmocka_unit_test(test_schema_hostile__regular_expressions_on_long_texts_end),
        cmocka_unit_test(test_schema_hostile__many_large_regular_expressions_are_refused),
        cmocka_unit_test(test_schema_hostile__enormous_numbers_end),
        cmocka_unit_test(test_schema_hostile__a_huge_enum_on_a_huge_value_ends),
        cmocka_unit_test(test_schema_hostile__unique_items_are_found_without_comparing_all),
        cmocka_unit_test(test_schema_hostile__many_names_on_many_members_end),
        cmocka_unit_test(test_schema_hostile__too_many_subschemas_are_refused),
        cmocka_unit_test(test_schema_hostile__resolving_many_references_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
