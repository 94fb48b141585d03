// Unit tests of exact numbers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/json_decimal.h"
#include "base/memory.h"

static struct json_decimal read(const char *text)
{
    struct json_decimal decimal;
    json_decimal_read(&decimal, text);
    return decimal;
}

static void test_json_decimal__compares_by_value(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "-1e999999999999999",
        "-1e400",
        "-10",
        "-9.99",
        "-1",
        "-1e-400",
        "0",
        "1e-400",
        "0.1",
        "0.10000000000000000000000001",
        "0.2",
        "1",
        "1.5",
        "2",
        "9.99",
        "10",
        "99",
        "100",
        "1e400",
    };
    for (size_t i = 0; i < COUNT_OF(ascending); i++)
        for (size_t j = 0; j < COUNT_OF(ascending); j++) {
            struct json_decimal a = read(ascending[i]);
            struct json_decimal b = read(ascending[j]);
            int order = json_decimal_compare(&a, &b);
            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s and %s", ascending[i], ascending[j]);
        }
}

static void test_json_decimal__takes_one_value_for_all_its_spellings(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "1", "1.0" },         { "100", "1e2" },    { "100", "0.001E+5" },
        { "0.5", "5e-1" },      { "0", "-0.000e7" }, { "0", "0e99999999999999999999" },
        { "-12.5", "-125e-1" }, { "1e1", "10.00" },  { "0.00012", "12e-5" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_decimal a = read(rows[i][0]);
        struct json_decimal b = read(rows[i][1]);
        if (json_decimal_compare(&a, &b) != 0)
            fail_msg("%s and %s", rows[i][0], rows[i][1]);
    }
}

static void test_json_decimal__knows_whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
        int64_t integer; // 0 also when it does not fit
    } rows[] = {
        { "0", true, 0 },
        { "-0.0", true, 0 },
        { "7", true, 7 },
        { "-7.0", true, -7 },
        { "1.5e1", true, 15 },
        { "1.5", false, 0 },
        { "1e-1", false, 0 },
        { "120e-1", true, 12 },
        { "9223372036854775807", true, INT64_MAX },
        { "1e300", true, 0 },
        { "1e19", true, 0 },
        { "9223372036854775808", true, 0 },
        { "1e18", true, 1000000000000000000 },
        { "-9223372036854775808", true, INT64_MIN },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_decimal decimal = read(rows[i].text);
        int64_t integer = 0;
        json_decimal_integer(&decimal, &integer);
        if (json_decimal_is_whole(&decimal) != rows[i].whole || integer != rows[i].integer)
            fail_msg("%s", rows[i].text);
    }
}

static void test_json_decimal__knows_multiples(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        const char *divisor;
        bool multiple;
    } rows[] = {
        { "0", "7", true },
        { "10", "2", true },
        { "7", "2", false },
        { "-4.5", "1.5", true },
        { "35", "1.5", false },
        { "0.0075", "0.0001", true },
        { "0.00751", "0.0001", false },
        { "1e308", "0.123456789", false },
        { "1e400", "3", false },
        { "3e400", "3", true },
        { "1e1000000", "1024", true },
        { "1e9", "1024", false },
        { "1e10", "1024", true },
        { "1", "10", false },
        { "1e-5", "1e-6", true },
        { "123456789012345678", "123456789012345678", true },
        { "2469135780246913578024690", "1234567890123456789012345", true },
        { "2469135780246913578024691", "1234567890123456789012345", false },
        { "1e99", "1267650600228229401496703205376", false },
        { "1e100", "1267650600228229401496703205376", true },
        { "1e999999", "1267650600228229401496703205377", false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_decimal number = read(rows[i].number);
        struct json_decimal divisor = read(rows[i].divisor);
        if (json_decimal_is_multiple(&number, &divisor) != rows[i].multiple)
            fail_msg("%s of %s", rows[i].number, rows[i].divisor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_decimal__compares_by_value),
        cmocka_unit_test(test_json_decimal__takes_one_value_for_all_its_spellings),
        cmocka_unit_test(test_json_decimal__knows_whole_numbers),
        cmocka_unit_test(test_json_decimal__knows_multiples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
