// Findings: all of them, up to a limit that says so.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/finding.h"
#include "base/memory.h"

static void add(struct finding_list *list, enum severity severity)
{
    struct error err = { 0 };
    struct finding_draft draft = { .severity = severity, .rule = "test.rule" };
    assert_int_equal(finding_add(list, &draft, &err, "finding"), STATUS_OK);
}

static void test_finding__keeps_copies_of_its_words(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    char file[] = "a.md";
    char mend[] = "mend it";
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = "test.rule",
                                   .file = file,
                                   .line = 3,
                                   .column = 5,
                                   .mend = mend };
    assert_int_equal(finding_add(&list, &draft, &err, "%d of %s", 2, "3"), STATUS_OK);
    file[0] = mend[0] = 'X';
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].severity, SEVERITY_WARNING);
    assert_string_equal(list.items[0].rule, "test.rule");
    assert_string_equal(list.items[0].file, "a.md");
    assert_int_equal(list.items[0].line, 3);
    assert_int_equal(list.items[0].column, 5);
    assert_string_equal(list.items[0].message, "2 of 3");
    assert_string_equal(list.items[0].mend, "mend it");
}

static void test_finding__takes_null_for_no_words(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    add(&list, SEVERITY_NOTE);
    assert_string_equal(list.items[0].file, "");
    assert_string_equal(list.items[0].mend, "");
}

static void test_finding__cuts_a_message_that_is_too_long(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    char longer[10000];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = "test.rule" };
    assert_int_equal(finding_add(&list, &draft, &err, "%s", longer), STATUS_OK);
    assert_true(strlen(list.items[0].message) > 1000);
    assert_true(strlen(list.items[0].message) < sizeof(longer) - 1);
}

static void test_finding__counts_by_severity(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    assert_false(finding_has_errors(&list));
    add(&list, SEVERITY_NOTE);
    add(&list, SEVERITY_WARNING);
    add(&list, SEVERITY_WARNING);
    assert_false(finding_has_errors(&list));
    add(&list, SEVERITY_ERROR);
    assert_true(finding_has_errors(&list));
    assert_int_equal(finding_count(&list, SEVERITY_NOTE), 1);
    assert_int_equal(finding_count(&list, SEVERITY_WARNING), 2);
    assert_int_equal(finding_count(&list, SEVERITY_ERROR), 1);
}

static void test_finding__says_once_that_there_are_more(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    for (int i = 0; i < FINDING_MAX; i++)
        add(&list, SEVERITY_WARNING);
    assert_int_equal(list.count, FINDING_MAX);
    add(&list, SEVERITY_NOTE);
    add(&list, SEVERITY_NOTE);
    assert_int_equal(list.count, FINDING_MAX + 1);
    assert_string_equal(list.items[FINDING_MAX].rule, "finding.limit");
    assert_int_equal(list.items[FINDING_MAX].severity, SEVERITY_NOTE);
    assert_false(finding_has_errors(&list));
}

static void test_finding__never_hides_an_error_behind_the_limit(void **state)
{
    (void)state;
    struct finding_list list OWNED(finding_list_release) = { 0 };
    for (int i = 0; i < FINDING_MAX + 10; i++)
        add(&list, SEVERITY_NOTE);
    add(&list, SEVERITY_ERROR);
    add(&list, SEVERITY_WARNING);
    assert_int_equal(list.items[FINDING_MAX].severity, SEVERITY_ERROR);
    assert_true(finding_has_errors(&list));
}

static void test_finding__takes_a_list_as_if_each_had_been_added(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct finding_list to OWNED(finding_list_release) = { 0 };
    struct finding_list from = { 0 };
    add(&to, SEVERITY_NOTE);
    for (size_t i = 0; i < FINDING_MAX + 3; i++)
        add(&from, i == FINDING_MAX + 1 ? SEVERITY_ERROR : SEVERITY_WARNING);
    assert_int_equal(finding_take(&to, &from, &err), STATUS_OK);
    assert_int_equal(from.count, 0);
    assert_int_equal(to.count, FINDING_MAX + 1);
    assert_int_equal(to.items[1].severity, SEVERITY_WARNING);
    assert_string_equal(to.items[FINDING_MAX].rule, "finding.limit");
    assert_int_equal(to.items[FINDING_MAX].severity, SEVERITY_ERROR);
}

static void test_finding__has_a_word_for_each_severity(void **state)
{
    (void)state;
    assert_string_equal(finding_severity_word(SEVERITY_NOTE), "note");
    assert_string_equal(finding_severity_word(SEVERITY_WARNING), "warning");
    assert_string_equal(finding_severity_word(SEVERITY_ERROR), "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finding__keeps_copies_of_its_words),
        cmocka_unit_test(test_finding__takes_null_for_no_words),
        cmocka_unit_test(test_finding__cuts_a_message_that_is_too_long),
        cmocka_unit_test(test_finding__counts_by_severity),
        cmocka_unit_test(test_finding__says_once_that_there_are_more),
        cmocka_unit_test(test_finding__never_hides_an_error_behind_the_limit),
        cmocka_unit_test(test_finding__takes_a_list_as_if_each_had_been_added),
        cmocka_unit_test(test_finding__has_a_word_for_each_severity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
