// Names of time zones.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "check/time_zone.h"

static void test_time_zone__knows_zones_and_their_old_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Africa/Abidjan",
        "Zulu",
        "UTC",
        "Etc/GMT+5",
        "Europe/Kyiv",
        "US/Eastern",
        "America/Argentina/Buenos_Aires",
        "Europe/Isle_of_Man",
        "Asia/Kolkata",
        "Asia/Calcutta",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_true(time_zone_exists(names[i]));
}

static void test_time_zone__knows_no_others(void **state)
{
    (void)state;
    static const char *const names[] = {
        "", "A", "Zz", "CEST", "Europe", "Europe/", "europe/berlin"
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_false(time_zone_exists(names[i]));
}

static void test_time_zone__tells_which_may_have_been_meant(void **state)
{
    (void)state;
    assert_string_equal(time_zone_similar("EUROPE/BERLIN"), "Europe/Berlin");
    assert_string_equal(time_zone_similar("Germany/Berlin"), "Europe/Berlin");
    assert_string_equal(time_zone_similar("tokyo"), "Asia/Tokyo");
    assert_null(time_zone_similar("Middle/Earth"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_zone__knows_zones_and_their_old_names),
        cmocka_unit_test(test_time_zone__knows_no_others),
        cmocka_unit_test(test_time_zone__tells_which_may_have_been_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
