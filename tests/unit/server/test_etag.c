// Entity tags in conditional requests.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "etag.h"

#define TAG "\"sha256:ab\""

static void test_etag__finds_its_tag_in_a_list(void **state)
{
    (void)state;
    static const char *const lists[] = {
        TAG,
        "  " TAG "  ",
        "W/" TAG,
        "\"x\", " TAG,
        "\"x\",W/" TAG ",\"y\"",
        ", ,\"x\" ,, " TAG,
        "\"\", " TAG,
        "*",
        " * ",
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (!etag_list_matches(lists[i], strlen(lists[i]), TAG, strlen(TAG)))
            fail_msg("not found in: %s", lists[i]);
}

static void test_etag__finds_nothing_else(void **state)
{
    (void)state;
    static const char *const lists[] = {
        "",
        "\"sha256:a\"",
        "\"sha256:abc\"",
        "sha256:ab",
        "\"sha256:ab",
        "w/" TAG,
        "*, " TAG,
        "\"x\" " TAG,
        "x, " TAG,
        "W/ " TAG,
        "\"X\"",
        "\"*\"",
        "**",
        "\"sha256:AB\"",
        ",",
        "\"x\",\"y\"",
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (etag_list_matches(lists[i], strlen(lists[i]), TAG, strlen(TAG)))
            fail_msg("found in: %s", lists[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_etag__finds_its_tag_in_a_list),
        cmocka_unit_test(test_etag__finds_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
