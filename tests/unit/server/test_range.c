// Ranges of bytes: which part of a file of 1,000 bytes is meant.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "range.h"

static struct head_span span_of(const char *text)
{
    return (struct head_span) { text, strlen(text) };
}

static void test_range__is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        uint64_t first;
        uint64_t count;
    } rows[] = {
        { "bytes=0-0", 0, 1 },     { "bytes=0-499", 0, 500 },     { "bytes=500-", 500, 500 },
        { "bytes=999-", 999, 1 },  { "bytes=-1", 999, 1 },        { "bytes=-5000", 0, 1000 },
        { "BYTES=10-20", 10, 11 }, { "bytes=0-999999", 0, 1000 }, { "bytes=-1000", 0, 1000 },
        { "bytes=007-8", 7, 2 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t first, count;
        assert_int_equal(range_parse(span_of(rows[i].value), 1000, &first, &count), RANGE_PART);
        assert_int_equal(first, rows[i].first);
        assert_int_equal(count, rows[i].count);
    }
}

static void test_range__is_the_whole_where_it_is_not_understood(void **state)
{
    (void)state;
    static const char *const values[] = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "items=0-5",
        "bytes=0-1 ",
        "bytes= 0-1",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes=0x1-2",
        "bytes=+1-2",
        "bytes=99999999999999999999-",
        "bytes=0-99999999999999999999",
        "bytes=-99999999999999999999",
    };
    uint64_t first, count;
    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_int_equal(range_parse(span_of(values[i]), 1000, &first, &count), RANGE_WHOLE);
    assert_int_equal(range_parse((struct head_span) { 0 }, 1000, &first, &count), RANGE_WHOLE);
}

static void test_range__tells_what_is_not_there(void **state)
{
    (void)state;
    static const char *const values[] = { "bytes=1000-", "bytes=1000-2000", "bytes=-0" };
    uint64_t first, count;
    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_int_equal(range_parse(span_of(values[i]), 1000, &first, &count),
                         RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse(span_of("bytes=0-"), 0, &first, &count), RANGE_UNSATISFIABLE);
    assert_int_equal(range_parse(span_of("bytes=-1"), 0, &first, &count), RANGE_UNSATISFIABLE);
}

static void test_range__holds_for_the_very_same_bytes_only(void **state)
{
    (void)state;
    assert_true(range_condition_holds((struct head_span) { 0 }, "\"a\""));
    assert_true(range_condition_holds(span_of("\"a\""), "\"a\""));
    assert_false(range_condition_holds(span_of("W/\"a\""), "\"a\""));
    assert_false(range_condition_holds(span_of("\"b\""), "\"a\""));
    assert_false(range_condition_holds(span_of(""), "\"a\""));
    assert_false(range_condition_holds(span_of("Mon, 23 Nov 2026 10:30:00 GMT"), "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_range__is_understood),
        cmocka_unit_test(test_range__is_the_whole_where_it_is_not_understood),
        cmocka_unit_test(test_range__tells_what_is_not_there),
        cmocka_unit_test(test_range__holds_for_the_very_same_bytes_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
