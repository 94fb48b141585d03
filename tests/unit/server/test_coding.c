// Which content coding a caller gets for what it says that it takes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "coding.h"

#define ALL (1U << SNAPSHOT_IDENTITY | 1U << SNAPSHOT_GZIP | 1U << SNAPSHOT_ZSTD)

static void assert_chosen(const char *accepted, unsigned available, enum snapshot_encoding expected)
{
    struct head_span span = { accepted, accepted ? strlen(accepted) : 0 };
    assert_int_equal(coding_choose(span, available), expected);
}

static void test_coding__is_what_the_caller_likes_best(void **state)
{
    (void)state;
    static const struct {
        const char *accepted;
        enum snapshot_encoding expected;
    } rows[] = {
        { NULL, SNAPSHOT_IDENTITY },
        { "", SNAPSHOT_IDENTITY },
        { "gzip", SNAPSHOT_GZIP },
        { "GZip", SNAPSHOT_GZIP },
        { "x-gzip", SNAPSHOT_GZIP },
        { "gzip, deflate, br, zstd", SNAPSHOT_ZSTD },
        { "gzip, deflate, br", SNAPSHOT_GZIP },
        { "br", SNAPSHOT_IDENTITY },
        { "*", SNAPSHOT_ZSTD },
        { "*;q=0.5, gzip", SNAPSHOT_GZIP },
        { "zstd;q=0.5, gzip;q=0.8", SNAPSHOT_GZIP },
        { "zstd;q=0.5,gzip;q=0.5", SNAPSHOT_ZSTD },
        { "gzip;q=0", SNAPSHOT_IDENTITY },
        { "gzip;q=0.000, *", SNAPSHOT_ZSTD },
        { "identity, gzip;q=0.5", SNAPSHOT_IDENTITY },
        { "identity;q=0.2, gzip;q=0.1", SNAPSHOT_IDENTITY },
        { "gzip;q=0.001", SNAPSHOT_GZIP },
        { "identity;q=0, gzip;q=0", SNAPSHOT_IDENTITY }, // nothing is left: as it is
        { "*;q=0", SNAPSHOT_IDENTITY },
        { " gzip ; q=1.0 ", SNAPSHOT_GZIP },
        { "gzip;level=9;q=0.9, zstd;q=0.8", SNAPSHOT_GZIP },
        { ",,gzip,,", SNAPSHOT_GZIP },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_chosen(rows[i].accepted, ALL, rows[i].expected);
}

static void test_coding__is_none_that_is_not_there(void **state)
{
    (void)state;
    assert_chosen("gzip, zstd", 1U << SNAPSHOT_IDENTITY, SNAPSHOT_IDENTITY);
    assert_chosen("gzip, zstd", 1U << SNAPSHOT_IDENTITY | 1U << SNAPSHOT_GZIP, SNAPSHOT_GZIP);
    assert_chosen("identity;q=0, gzip", 1U << SNAPSHOT_IDENTITY, SNAPSHOT_IDENTITY);
}

// What is no weight is no wish.
static void test_coding__takes_odd_weights_for_none(void **state)
{
    (void)state;
    static const char *const accepted[] = {
        "gzip;q=", "gzip;q=x", "gzip;q=1.5", "gzip;q=2", "gzip;q=0.00001", "gzip;q=-1", "gzip;q",
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++)
        assert_chosen(accepted[i], ALL, SNAPSHOT_IDENTITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coding__is_what_the_caller_likes_best),
        cmocka_unit_test(test_coding__is_none_that_is_not_there),
        cmocka_unit_test(test_coding__takes_odd_weights_for_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
