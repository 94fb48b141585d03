// What a file is, by its ending.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snapshot/media_type.h"

static void test_media_type__goes_by_the_ending(void **state)
{
    (void)state;
    assert_string_equal(media_type_of("docs/a.md"), "text/markdown; charset=utf-8");
    assert_string_equal(media_type_of("docs/a.txt"), "text/plain; charset=utf-8");
    assert_string_equal(media_type_of("artifact.json"), "application/json");
    assert_string_equal(media_type_of("docs/a.jsonl"), "application/x-ndjson");
    assert_string_equal(media_type_of("docs/a.pdf"), "application/pdf");
    assert_string_equal(media_type_of("docs/md"), "application/octet-stream");
    assert_string_equal(media_type_of("docs/a.bin"), "application/octet-stream");
    assert_string_equal(media_type_of(""), "application/octet-stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_media_type__goes_by_the_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
