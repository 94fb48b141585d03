// Wall-clock time and its RFC 3339 text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "base/clock.h"
#include "base/memory.h"

static const struct {
    int64_t seconds;
    const char *text;
} known[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { -1, "1969-12-31T23:59:59Z" },
    { 951782400, "2000-02-29T00:00:00Z" },
    { 1795430096, "2026-11-23T10:34:56Z" },
    { 2147483648, "2038-01-19T03:14:08Z" },
    { -62167219200, "0000-01-01T00:00:00Z" },
    { -61967030400, "0006-05-06T00:00:00Z" },
    { 253402300799, "9999-12-31T23:59:59Z" },
};

static void test_clock__formats_and_parses_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct error err = { 0 };
        char text[CLOCK_TEXT_BYTES];
        int64_t seconds = 42;
        clock_format(known[i].seconds, text);
        assert_string_equal(text, known[i].text);
        assert_int_equal(clock_parse(&seconds, known[i].text, &err), STATUS_OK);
        assert_int_equal(seconds, known[i].seconds);
    }
}

static void test_clock__clamps_years_that_have_no_four_digits(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_BYTES];
    clock_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
    clock_format(INT64_MIN, text);
    assert_string_equal(text, "0000-01-01T00:00:00Z");
}

static void test_clock__refuses_every_other_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-23",
        "2026-11-23T10:30:00",
        "2026-11-23T10:30:00z",
        "2026-11-23t10:30:00Z",
        "2026-11-23 10:30:00Z",
        "2026-11-23T10:30:00+00:00",
        "2026-11-23T10:30:00.5Z",
        "2026-11-23T10:30:00ZZ",
        "2026-02-30T10:30:00Z",
        "2025-02-29T10:30:00Z",
        "2026-13-01T10:30:00Z",
        "2026-00-01T10:30:00Z",
        "2026-11-00T10:30:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T10:60:00Z",
        "2026-11-23T10:30:60Z",
        "+026-11-23T10:30:00Z",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        int64_t seconds = 42;
        assert_int_equal(clock_parse(&seconds, bad[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "time_invalid");
        assert_true(err.hint[0] != '\0');
        assert_int_equal(seconds, 42);
    }
}

static void test_clock__parses_durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        { "45s", 45 },      { "30m", 1800 },   { "12h", 43200 },
        { "90d", 7776000 }, { "2w", 1209600 }, { "999999w", INT64_C(604799395200) },
        { "007d", 604800 }, { "1s", 1 },
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct error err = { 0 };
        int64_t seconds = 0;
        assert_int_equal(clock_parse_duration(&seconds, good[i].text, &err), STATUS_OK);
        assert_int_equal(seconds, good[i].seconds);
    }
}

static void test_clock__refuses_what_is_no_duration(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",   "d",     "0d",   "-1d",     "+1d",   "1",        "1 d",
        "1D", "1year", "1.5h", "1dd",     "0x10s", "1000000s", "99999999999999999999s",
        "1y", " 1d",   "1d ",  "\xc2\xb2"
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        int64_t seconds = 42;
        assert_int_equal(clock_parse_duration(&seconds, bad[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "duration_invalid");
        assert_int_equal(seconds, 42);
    }
}

static void test_clock__counts_milliseconds(void **state)
{
    (void)state;
    struct timespec now;
    int64_t before = clock_monotonic_ms();
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t seconds_between = now.tv_sec - before / 1000;
    assert_true(seconds_between >= 0 && seconds_between < 60);
}

static void test_clock__is_of_this_century_and_monotonic(void **state)
{
    (void)state;
    assert_true(clock_now() > 946684800);
    int64_t before = clock_monotonic_ms();
    for (int i = 0; i < 1000; i++) {
        int64_t after = clock_monotonic_ms();
        assert_true(after >= before);
        before = after;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock__formats_and_parses_both_ways),
        cmocka_unit_test(test_clock__clamps_years_that_have_no_four_digits),
        cmocka_unit_test(test_clock__refuses_every_other_form),
        cmocka_unit_test(test_clock__parses_durations),
        cmocka_unit_test(test_clock__refuses_what_is_no_duration),
        cmocka_unit_test(test_clock__counts_milliseconds),
        cmocka_unit_test(test_clock__is_of_this_century_and_monotonic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
