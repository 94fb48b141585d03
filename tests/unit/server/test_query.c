// Parameters behind a question mark.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "query.h"

static void assert_value(const char *query, const char *name, const char *expected)
{
    char value[16];
    size_t length = 0;
    bool found = false;
    struct error err = { 0 };
    assert_int_equal(query_get((struct head_span) { query, strlen(query) }, name, value,
                               sizeof(value), &length, &found, &err),
                     STATUS_OK);
    assert_int_equal(found, expected != NULL);
    if (expected) {
        assert_int_equal(length, strlen(expected));
        assert_string_equal(value, expected);
    }
}

static void assert_refused(const char *query)
{
    char value[16];
    size_t length;
    bool found;
    struct error err = { 0 };
    assert_int_equal(query_get((struct head_span) { query, strlen(query) }, "q", value,
                               sizeof(value), &length, &found, &err),
                     STATUS_INVALID);
    assert_string_equal(err.code, "parameter_invalid");
}

static void test_query__finds_and_decodes(void **state)
{
    (void)state;
    assert_value("q=a", "q", "a");
    assert_value("q=cancel+a%20plan", "q", "cancel a plan");
    assert_value("limit=3&q=%C3%A9&x", "q", "\xc3\xa9");
    assert_value("q=", "q", "");
    assert_value("q=a=b", "q", "a=b");
    assert_value("qq=1&x=q&q", "q", NULL);
    assert_value("&&q=1&", "q", "1");
    assert_value("q=123456789012345", "q", "123456789012345");
}

static void test_query__without_any_finds_nothing(void **state)
{
    (void)state;
    char value[4];
    size_t length;
    bool found = true;
    struct error err = { 0 };
    assert_int_equal(
        query_get((struct head_span) { 0 }, "q", value, sizeof(value), &length, &found, &err),
        STATUS_OK);
    assert_false(found);
}

static void test_query__refuses_what_may_be_read_in_two_ways(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "q=1&q=2", "q=%", "q=%4", "q=%g0", "q=%0g", "q=1234567890123456",
    };
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        assert_refused(queries[i]);
}

static void test_query__reads_numbers(void **state)
{
    (void)state;
    const struct query_number bounds = { 1, 50, 10 };
    static const struct {
        const char *query;
        enum status status;
        unsigned expected;
    } rows[] = {
        { "", STATUS_OK, 10 },
        { "limit=1", STATUS_OK, 1 },
        { "limit=50", STATUS_OK, 50 },
        { "limit=0", STATUS_INVALID, 0 },
        { "limit=51", STATUS_INVALID, 0 },
        { "limit=", STATUS_INVALID, 0 },
        { "limit=-1", STATUS_INVALID, 0 },
        { "limit=+1", STATUS_INVALID, 0 },
        { "limit=1x", STATUS_INVALID, 0 },
        { "limit=1%00", STATUS_INVALID, 0 },
        { "limit=18446744073709551617", STATUS_INVALID, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned number = 0;
        struct error err = { 0 };
        struct head_span query = { rows[i].query, strlen(rows[i].query) };
        assert_int_equal(query_get_number(query, "limit", &bounds, &number, &err), rows[i].status);
        if (rows[i].status == STATUS_OK)
            assert_int_equal(number, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query__finds_and_decodes),
        cmocka_unit_test(test_query__without_any_finds_nothing),
        cmocka_unit_test(test_query__refuses_what_may_be_read_in_two_ways),
        cmocka_unit_test(test_query__reads_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
