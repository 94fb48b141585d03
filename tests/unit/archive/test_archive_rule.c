// Names: how they are shown, and which path they stand for.
#include "unit/archive/room.h"

#include "archive/archive_rule.h"

static void assert_shown(const char *name, const char *expected)
{
    char shown[ARCHIVE_RULE_SHOWN_BYTES];
    archive_rule_show(shown, name);
    assert_string_equal(shown, expected);
}

static void test_archive_rule__names_are_shown_as_valid_utf8_on_one_line(void **state)
{
    (void)state;
    assert_shown("", "");
    assert_shown("docs/caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80.md",
                 "docs/caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80.md");
    assert_shown("a\nb\x7f\x1b[", "a\\x0Ab\\x7F\\x1B[");
    assert_shown("caf\xe9", "caf\\xE9");
    assert_shown("\xe6\x97", "\\xE6\\x97");
    assert_shown("\xc3(", "\\xC3(");
}

static void test_archive_rule__long_names_are_cut_between_characters(void **state)
{
    (void)state;
    char name[3001] = "";
    for (size_t offset = 0; offset < 4; offset++) {
        memset(name, 'x', offset);
        for (size_t i = offset; i + 3 < sizeof(name); i += 3)
            memcpy(name + i, "\xe6\x97\xa5", 4);
        char shown[ARCHIVE_RULE_SHOWN_BYTES];
        archive_rule_show(shown, name);
        assert_true(strlen(shown) > ARCHIVE_RULE_SHOWN_BYTES - 20);
        assert_true(text_is_utf8(shown, strlen(shown), NULL));
        assert_true(text_ends_with(shown, "..."));
    }
}

static void test_archive_rule__a_name_stands_for_a_path(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "a", "a" },     { "./a", "a" }, { "a/", "a" },  { ".//./a/b/", "a/b" },
        { ".", "" },      { "./", "" },   { ".a", ".a" }, { "..a/...", "..a/..." },
        { "./.a", ".a" },
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[CONTENT_MAX_PATH_BYTES + 1] = "untouched";
        struct error err = { 0 };
        assert_int_equal(archive_rule_path(path, "label", names[i][0], &err), STATUS_OK);
        assert_string_equal(path, names[i][1]);
    }
}

static void test_archive_rule__a_bad_name_leaves_the_path_untouched(void **state)
{
    (void)state;
    static const char *const names[] = { "/", "//", "./..", "../", "a/../b", "/.", "a/.", "\xff" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[CONTENT_MAX_PATH_BYTES + 1];
        struct error err = { 0 };
        if (archive_rule_path(path, "label", names[i], &err) != STATUS_REFUSED)
            fail_msg("taken: %s as %s", names[i], path);
        assert_string_equal(err.code, "archive_entry_refused");
        assert_true(text_starts_with(err.message, "label: '"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archive_rule__names_are_shown_as_valid_utf8_on_one_line),
        cmocka_unit_test(test_archive_rule__long_names_are_cut_between_characters),
        cmocka_unit_test(test_archive_rule__a_name_stands_for_a_path),
        cmocka_unit_test(test_archive_rule__a_bad_name_leaves_the_path_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
