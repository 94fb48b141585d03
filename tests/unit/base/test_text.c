// UTF-8 and globs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static void test_text__accepts_well_formed_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "plain ASCII, longer than eight bytes",
        "gr\xc3\xbc\xc3\x9f gott",
        "\xc2\x80",         // first of two bytes
        "\xdf\xbf",         // last of two bytes
        "\xe0\xa0\x80",     // first of three bytes
        "\xed\x9f\xbf",     // just below the surrogates
        "\xee\x80\x80",     // just above them
        "\xef\xbf\xbf",     // last of three bytes
        "\xf0\x90\x80\x80", // first of four bytes
        "\xf4\x8f\xbf\xbf", // U+10FFFF
        ("1234567\xe2\x82\xac"
         "90") // a sequence across an eight-byte boundary
    };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(text_is_utf8(good[i], strlen(good[i]), NULL));
    assert_true(text_is_utf8("a\0b", 3, NULL));
}

static void test_text__refuses_bad_utf8_and_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t offset;
    } bad[] = {
        { "\x80", 0 },                      // continuation alone
        { "ab\xc3", 2 },                    // cut off
        { "ab\xe2\x82", 2 },                // cut off
        { "\xf0\x90\x80", 0 },              // cut off
        { "\xc0\x80", 0 },                  // overlong NUL
        { "\xc1\xbf", 0 },                  // overlong
        { "\xe0\x9f\xbf", 0 },              // overlong
        { "\xf0\x8f\xbf\xbf", 0 },          // overlong
        { "\xed\xa0\x80", 0 },              // surrogate
        { "\xed\xbf\xbf", 0 },              // surrogate
        { "\xf4\x90\x80\x80", 0 },          // above U+10FFFF
        { "\xf5\x80\x80\x80", 0 },          // no such lead byte
        { "\xff", 0 },                      // no such byte
        { "\xc3(", 0 },                     // no continuation
        { "0123456789abcdef\xfe more", 16 } // behind whole words of ASCII
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        size_t offset = 99;
        assert_false(text_is_utf8(bad[i].bytes, strlen(bad[i].bytes), &offset));
        assert_int_equal(offset, bad[i].offset);
        assert_false(text_is_utf8(bad[i].bytes, strlen(bad[i].bytes), NULL));
    }
}

static void test_text__finds_a_bad_byte_at_every_place(void **state)
{
    (void)state;
    for (size_t place = 0; place < 24; place++) {
        char text[24];
        memset(text, 'a', sizeof(text));
        text[place] = '\xff';
        size_t offset = 99;
        assert_false(text_is_utf8(text, sizeof(text), &offset));
        assert_int_equal(offset, place);
    }
}

static void test_text__does_not_read_past_the_length_given(void **state)
{
    (void)state;
    assert_false(text_is_utf8("\xe2\x82\xac", 2, NULL));
    assert_true(text_is_utf8("abc\xff", 3, NULL));
}

static void test_text__counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_count_code_points("", 0), 0);
    const char *text = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x93\x9e";
    assert_int_equal(text_count_code_points(text, strlen(text)), 4);
}

static void test_text__matches_globs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } cases[] = {
        { "", "", true },
        { "", "a", false },
        { "*", "", true },
        { "*", "prompt/a/b", true },
        { "prompt/*", "prompt/outbound/greeting", true },
        { "prompt/*", "prompt/", true },
        { "prompt/*", "prompt", false },
        { "*/greeting", "prompt/outbound/greeting", true },
        { "prompt/?", "prompt/a", true },
        { "prompt/?", "prompt/", false },
        { "prompt/?", "prompt/ab", false },
        { "*a*b*", "xxaxxbxx", true },
        { "*a*b", "abab", true },
        { "*a*b", "aba", false },
        { "tool/**", "tool/x", true },
        { "Tool/x", "tool/x", false },
        { "[a]", "a", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(text_matches(cases[i].pattern, cases[i].text), cases[i].matches);
}

static void test_text__matches_hostile_globs_quickly(void **state)
{
    (void)state;
    char pattern[2001];
    char text[20001];
    for (size_t i = 0; i < sizeof(pattern) - 1; i++)
        pattern[i] = i % 2 == 0 ? '*' : 'a';
    pattern[sizeof(pattern) - 2] = 'b';
    pattern[sizeof(pattern) - 1] = '\0';
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(text_matches(pattern, text));
}

static void test_text__knows_starts_and_ends(void **state)
{
    (void)state;
    assert_true(text_starts_with("docs/a.md", "docs/"));
    assert_true(text_starts_with("docs", ""));
    assert_false(text_starts_with("doc", "docs"));
    assert_true(text_ends_with("docs/a.md", ".md"));
    assert_true(text_ends_with("docs", ""));
    assert_false(text_ends_with("md", ".md"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__accepts_well_formed_utf8),
        cmocka_unit_test(test_text__refuses_bad_utf8_and_says_where),
        cmocka_unit_test(test_text__finds_a_bad_byte_at_every_place),
        cmocka_unit_test(test_text__does_not_read_past_the_length_given),
        cmocka_unit_test(test_text__counts_code_points),
        cmocka_unit_test(test_text__matches_globs),
        cmocka_unit_test(test_text__matches_hostile_globs_quickly),
        cmocka_unit_test(test_text__knows_starts_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
