// Unit tests of regular expressions: ECMA-262's meaning on PCRE2.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/pattern.h"
#include "base/memory.h"

#define STEPS 100000

struct fixture {
    struct pattern *pattern;
    struct pattern_scratch *scratch;
};

static void fixture_release(struct fixture *fixture)
{
    pattern_free(fixture->pattern);
    pattern_scratch_free(fixture->scratch);
}

static bool matches(const char *text, const char *subject)
{
    struct error err = { 0 };
    struct fixture fixture OWNED(fixture_release) = { 0 };
    uint64_t steps = STEPS;
    bool result = false;
    if (pattern_compile(&fixture.pattern, text, &err) != STATUS_OK ||
        pattern_scratch_new(&fixture.scratch, &err) != STATUS_OK ||
        pattern_matches(&result, fixture.pattern, fixture.scratch, subject, &steps, &err) !=
            STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    assert_true(steps < STEPS);
    return result;
}

static void test_pattern__matches_as_ecma_262_does(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *yes;
        const char *no; // NULL: nothing to ask
    } rows[] = {
        { "b", "abc", "ac" },
        { "", "", NULL },
        { "^a|b$", "xb", "xa" },
        { "^a$", "a", "a\n" },
        { "^.$", "\xf0\x9f\x98\x80", "\xe2\x80\xa8" }, // U+2028 ends a line
        { "^.$", "\xc2\x85", "\r" },
        { "^\\d$", "7", "\xd9\xa3" }, // ARABIC-INDIC DIGIT THREE
        { "^\\D$", "\xd9\xa3", "7" },
        { "^\\w$", "_", "\xc3\xa9" },
        { "^\\W$", "\xc3\xa9", "a" },
        { "^\\s$", "\xc2\xa0", "a" },
        { "^\\s$", "\xef\xbb\xbf", "\xe2\x80\x8b" }, // U+FEFF is space, U+200B is not
        { "^\\s$", "\v", "\xc2\x85" },
        { "^\\S$", "\xc2\x85", "\xe2\x80\xa9" },
        { "^[\\s]$", "\xe3\x80\x80", "x" },
        { "^[\\S]$", "x", "\xe3\x80\x80" },
        { "^[^\\s]$", "x", "\xe3\x80\x80" },
        { "^[\\s\\S]$", "\n", NULL },
        { "\\bfoo\\b", "a foo b", "afoob" },
        { "^\\v\\f\\t\\0$", "\v\f\t\xc0\x80", "\n\f\t\xc0\x80" },
        { "^\\cA\\ca$", "\x01\x01", "cAca" },
        { "^\\x41\\u0042\\u{1F600}\\ud83d\\ude00$", "AB\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "x41" },
        { "^[\\u0041-\\u0043]$", "B", "D" },
        { "^[\\b]$", "\b", "b" },
        { "^\\x00\\u0000\\u{0}$", "\xc0\x80\xc0\x80\xc0\x80", "000" },
        { "^[a[:digit:]]+$", "[]", "1" },
        { "^[\\w-.]+$", "a-.", "/" },
        { "^[a\\-z]$", "-", "b" },
        { "^[+-\\d]+$", "+-5", "," },
        { "^[\\u{10FFFF}-\\u{10ffff}]$", "\xf4\x8f\xbf\xbf", "a" },
        { "^[.\\-]$", "-", "a" },
        { "^[^a-c]$", "d", "b" },
        { "[]", NULL, "a" },
        { "^[^]$", "\n", "" },
        { "^a{2}$", "aa", "a{2}" },
        { "^a{,2}$", "a{,2}", "aa" },
        { "^x{$", "x{", "x" },
        { "^a}]$", "a}]", "a" },
        { "^a+?b*?c??$", "aabc", "bc" },
        { "^(?:ab)+(?=c)c(?!d)", "ababc", "abcd" },
        { "(?<=\\$)\\d+", "$12", "12" },
        { "(?<!\\$)\\b1", "1", "$1" },
        { "^(a)(b)?\\2\\1$", "aa", "ab" }, // a group that took no part matches nothing
        { "^(?<year>\\d)\\k<year>$", "11", "12" },
        { "^(a)\\1{2}$", "aaa", "aa" },
        { "^\\p{Letter}+$", "\xc3\xa9x", "1" },
        { "^\\p{L}\\p{Lu}\\P{Nd}$", "aBc", "aB1" },
        { "^\\p{General_Category=Decimal_Number}\\p{gc=Nd}$", "12", "ab" },
        { "^\\p{Script=Greek}\\p{sc=Latin}$", "\xcf\x80x", "xx" },
        { "^[\\p{Uppercase_Letter}_]+$", "A_", "a" },
        { "^\\p{Alphabetic}\\p{Assigned}$", "aa", "1a" },
        { "^\\/\\-\\_\\@\\#\\ \\\"$", "/-_@# \"", "a" },
        { "^\\.\\*\\(\\)\\[\\]\\{\\}\\|\\^\\$\\?\\+\\\\$", ".*()[]{}|^$?+\\", "a" },
        { "^\xc3\xa9+$", "\xc3\xa9\xc3\xa9", "\xc3\xa9\xc3\xa8" },
        { "^\xc0\x80$", "\xc0\x80", "" },
        { "^a\xc0\x80?b$",
          "a\xc0\x80"
          "b",
          "a\xc0\x80\xc0\x80"
          "b" },
        { "^[#-&]+ # x$", "$% # x", "$%" },
        { "a/b", "a/b", "ab" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].yes && !matches(rows[i].pattern, rows[i].yes))
            fail_msg("row %zu: %s does not match '%s'", i, rows[i].pattern, rows[i].yes);
        if (rows[i].no && matches(rows[i].pattern, rows[i].no))
            fail_msg("row %zu: %s matches '%s'", i, rows[i].pattern, rows[i].no);
    }
}

static void test_pattern__refuses_what_ecma_262_does_not_have(void **state)
{
    (void)state;
    static const char *const patterns[] = { "(",
                                            ")",
                                            "[",
                                            "[a",
                                            "[z-a]",
                                            "*",
                                            "a**",
                                            "a++",
                                            "a{2}+",
                                            "a???",
                                            "(?i)a",
                                            "(?i:a)",
                                            "(?P<n>a)",
                                            "(?>a)",
                                            "(?#c)a",
                                            "(?|a)",
                                            "(?R)",
                                            "(?1)",
                                            "(*FAIL)",
                                            "(*UTF)a",
                                            "\\",
                                            "\\a",
                                            "\\e",
                                            "\\A",
                                            "\\z",
                                            "\\Z",
                                            "\\G",
                                            "\\K",
                                            "\\Q.\\E",
                                            "\\h",
                                            "\\R",
                                            "\\X",
                                            "\\C",
                                            "\\N",
                                            "\\o{1}",
                                            "\\g1",
                                            "\\i",
                                            "\\x4",
                                            "\\x{41}",
                                            "\\u12",
                                            "\\u{110000}",
                                            "\\u{}",
                                            "\\u{12",
                                            "\\c1",
                                            "\\01",
                                            "\\1",
                                            "(a)\\2",
                                            "\\99999999999",
                                            "[\\1]",
                                            "[\\B]",
                                            "[\\k<a>]",
                                            "\\k",
                                            "\\k<>",
                                            "\\k<a>",
                                            "\\p",
                                            "\\pL",
                                            "\\p{",
                                            "\\p{}",
                                            "\\p{Nonsense}",
                                            "\\p{sc=}",
                                            "\\p{L=L=L}",
                                            "\\p{^L}",
                                            "(?<1>a)",
                                            "(?<>a)",
                                            "(?<a>x)(?<a>y)",
                                            "(?<=a*)b",
                                            "((a{1,999}){1,999}){1,999}",
                                            "a{1,70000}" };
    for (size_t i = 0; i < COUNT_OF(patterns); i++) {
        struct error err = { 0 };
        struct pattern *pattern OWNED(pattern_release) = NULL;
        if (pattern_compile(&pattern, patterns[i], &err) != STATUS_INVALID)
            fail_msg("%s is taken", patterns[i]);
        assert_string_equal(err.code, "pattern_invalid");
        assert_true(err.hint[0] != '\0');
    }
}

static void test_pattern__says_where_the_fault_is(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct pattern *pattern OWNED(pattern_release) = NULL;
    assert_int_equal(pattern_compile(&pattern, "^ab\\Z", &err), STATUS_INVALID);
    assert_string_equal(err.message, "the regular expression '^ab\\Z' is wrong at byte 4: this "
                                     "escape is not one of ECMA-262");
}

static void test_pattern__limits_its_length_and_knows_its_size(void **state)
{
    (void)state;
    struct error err = { 0 };
    char text[PATTERN_MAX_BYTES + 2];
    struct pattern *pattern OWNED(pattern_release) = NULL;
    memset(text, 'a', sizeof(text) - 1);
    text[PATTERN_MAX_BYTES + 1] = '\0';
    assert_int_equal(pattern_compile(&pattern, text, &err), STATUS_INVALID);
    assert_int_equal(pattern_compile(&pattern, "abc", &err), STATUS_OK);
    assert_in_range(pattern_size_bytes(pattern), 50, 5000);
}

static void test_pattern__stops_when_the_steps_run_out(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct fixture fixture OWNED(fixture_release) = { 0 };
    uint64_t steps = STEPS;
    bool result = true;
    assert_int_equal(pattern_compile(&fixture.pattern, "^(a+)+$", &err), STATUS_OK);
    assert_int_equal(pattern_scratch_new(&fixture.scratch, &err), STATUS_OK);
    const char *text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    assert_int_equal(pattern_matches(&result, fixture.pattern, fixture.scratch, text, &steps, &err),
                     STATUS_TOO_LARGE);
    assert_string_equal(err.code, "pattern_work_limit");
    assert_true(result);
    steps = STEPS;
    assert_int_equal(pattern_matches(&result, fixture.pattern, fixture.scratch, "aa", &steps, &err),
                     STATUS_OK);
    assert_true(result && steps > STEPS - 100);
}

static void test_pattern__refuses_a_text_that_is_not_utf8(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct fixture fixture OWNED(fixture_release) = { 0 };
    uint64_t steps = STEPS;
    bool result = false;
    assert_int_equal(pattern_compile(&fixture.pattern, "a", &err), STATUS_OK);
    assert_int_equal(pattern_scratch_new(&fixture.scratch, &err), STATUS_OK);
    assert_int_equal(
        pattern_matches(&result, fixture.pattern, fixture.scratch, "a\xff", &steps, &err),
        STATUS_INVALID);
}

static void test_pattern__finds_the_same_once_it_is_machine_code(void **state)
{
    (void)state;
    static const char text[] = "a 12 \xc3\xa4 3456, 7890 b";
    const struct pattern_text subject = { text, sizeof(text) - 1 };
    struct error err = { 0 };
    struct fixture fixture OWNED(fixture_release) = { 0 };
    uint64_t steps = STEPS;
    assert_int_equal(pattern_compile_own(&fixture.pattern, "\\b[0-9]{4}\\b", &err), STATUS_OK);
    assert_int_equal(pattern_scratch_new(&fixture.scratch, &err), STATUS_OK);
    for (int round = 0; round < 3; round++) {
        struct pattern_match match = { 0 };
        bool found = false;
        for (size_t at = 8, times = 0; times < 2; at = match.end, times++) {
            assert_int_equal(pattern_find(&found, &match, fixture.pattern, fixture.scratch,
                                          &subject, at, &steps, &err),
                             STATUS_OK);
            assert_true(found);
            assert_memory_equal(text + match.begin, times ? "7890" : "3456", 4);
        }
        pattern_quicken(fixture.pattern); // twice does no harm
    }
}

static void test_pattern_defer__compiles_when_something_is_matched(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct fixture fixture OWNED(fixture_release) = { 0 };
    struct fixture broken OWNED(fixture_release) = { 0 };
    uint64_t steps = STEPS;
    bool result = false;
    assert_int_equal(pattern_defer(&fixture.pattern, "^[0-9]+$", &err), STATUS_OK);
    assert_int_equal(pattern_size_bytes(fixture.pattern), 0);
    assert_int_equal(pattern_scratch_new(&fixture.scratch, &err), STATUS_OK);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(pattern_matches(&result, fixture.pattern, fixture.scratch,
                                         round ? "12x" : "123", &steps, &err),
                         STATUS_OK);
        assert_int_equal(result, !round);
    }
    assert_true(pattern_size_bytes(fixture.pattern) > 0);
    assert_int_equal(pattern_defer(&broken.pattern, "(", &err), STATUS_OK);
    assert_int_equal(pattern_matches(&result, broken.pattern, fixture.scratch, "", &steps, &err),
                     STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern__matches_as_ecma_262_does),
        cmocka_unit_test(test_pattern__refuses_what_ecma_262_does_not_have),
        cmocka_unit_test(test_pattern__says_where_the_fault_is),
        cmocka_unit_test(test_pattern__limits_its_length_and_knows_its_size),
        cmocka_unit_test(test_pattern__stops_when_the_steps_run_out),
        cmocka_unit_test(test_pattern__refuses_a_text_that_is_not_utf8),
        cmocka_unit_test(test_pattern__finds_the_same_once_it_is_machine_code),
        cmocka_unit_test(test_pattern_defer__compiles_when_something_is_matched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
