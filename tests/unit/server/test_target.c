// The target of a request: decoded once, and nothing that two readers might read in two ways.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "target.h"

static void test_target__decodes_escapes_exactly_once(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *path;
    } cases[] = {
        { "/v1/live", "/v1/live" },
        { "/v1/prompts/a%40x", "/v1/prompts/a@x" },
        { "/v1/knowledge/plans/-/files/docs/a%20b.md", "/v1/knowledge/plans/-/files/docs/a b.md" },
        { "/x%252e%252e", "/x%2e%2e" },
        { "/gr%C3%BC%c3%9fe", "/gr\xc3\xbc\xc3\x9f"
                              "e" },
        { "/v1/prompts/.hidden", "/v1/prompts/.hidden" },
        { "/a..b/...", "/a..b/..." },
        { "http://example.com:8080/v1/live", "/v1/live" },
        { "HTTP://example.com", "/" },
        { "https://example.com/v1/live", "/v1/live" },
        { "*", "*" },
        { "/", "/" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct target target;
        struct error err;
        assert_int_equal(target_parse(&target, cases[i].raw, strlen(cases[i].raw), &err),
                         STATUS_OK);
        assert_string_equal(target.path, cases[i].path);
        assert_int_equal(target.path_bytes, strlen(cases[i].path));
    }
}

static void test_target__refuses_what_could_be_read_in_two_ways(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "v1/live",
        "**",
        "/a%2Fb",
        "/a%2fb",
        "/a%5Cb",
        "/a\\b",
        "/a%00",
        "/a%0d%0a",
        "/a%7f",
        "/a%",
        "/a%4",
        "/a%zz",
        "/a%4g",
        "/a b",
        "/a\x01",
        "/a\x80",
        "/a\"b",
        "/a<b",
        "/a^b",
        "/a`b",
        "/a{b}",
        "/a|b",
        "/.",
        "/..",
        "/a/./b",
        "/a/../b",
        "/a/..",
        "/%2e%2e/",
        "/a/%2e./b",
        "/a/.%2E/b",
        "/a%ff",
        "/a%c3",
        "/a%ed%a0%80",
        "/a#b",
        "ftp://x/a",
        "http:///a",
        "http://",
        "http://me@x/a",
        "https://me:x@x",
        "//x/../etc",
        "/a%C0%80b",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct target target;
        struct error err;
        if (target_parse(&target, bad[i], strlen(bad[i]), &err) != STATUS_INVALID)
            fail_msg("taken: %s", bad[i]);
        assert_string_equal(err.code, "target_invalid");
    }
}

static void test_target__refuses_more_than_its_limit(void **state)
{
    (void)state;
    static char raw[TARGET_MAX_BYTES + 1];
    static struct target target;
    struct error err;
    memset(raw, 'a', sizeof(raw) - 1);
    raw[0] = '/';
    assert_int_equal(target_parse(&target, raw, strlen(raw), &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "target_too_long");
    raw[TARGET_MAX_BYTES - 1] = '\0';
    assert_int_equal(target_parse(&target, raw, strlen(raw), &err), STATUS_OK);
    assert_int_equal(target.path_bytes, TARGET_MAX_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target__decodes_escapes_exactly_once),
        cmocka_unit_test(test_target__refuses_what_could_be_read_in_two_ways),
        cmocka_unit_test(test_target__refuses_more_than_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
