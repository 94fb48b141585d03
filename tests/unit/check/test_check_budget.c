// budget: the meter, and from when on it is shown.
#include "unit/check/given_subject.h"

#include <stdlib.h>

static const char manifest[] =
    "{\"kind\":\"prompt\",\"name\":\"x\",\n\"sections\":[\n{\"name\":\"a\",\"file\":\"a.md\"},\n"
    "{\"name\":\"b\",\"file\":\"b.md\"},\n{\"name\":\"c\",\"file\":\"c.md\"}]}";

// `count` characters of two bytes each.
static char *given_text(size_t count)
{
    char *text = malloc(2 * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 2 * i, "é", 2);
    text[2 * count] = '\0';
    return text;
}

static void run(struct given_subject *given, size_t a, size_t b, size_t c)
{
    struct error err = { 0 };
    char *texts[] = { given_text(a), given_text(b), given_text(c) };
    given_subject_make(
        given, manifest,
        (struct given_document[]) {
            { "a.md", texts[0], 0 }, { "b.md", texts[1], 0 }, { "c.md", texts[2], 0 }, { 0 } });
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
    assert_int_equal(check_budget_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static void test_check_budget__says_nothing_up_to_four_fifths(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, 20000, 11000, 1000);
    assert_int_equal(given.findings.count, 0);
}

static void test_check_budget__shows_a_meter_for_each_long_section(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, 28000, 2000, 2001);
    assert_int_equal(given.findings.count, 4);
    const struct finding *total = given_subject_only(&given, "budget.total");
    assert_int_equal(total->severity, SEVERITY_NOTE);
    assert_int_equal(total->line, 2);
    assert_string_equal(total->message, "[################    ] the sections together have 32001 "
                                        "of 40000 characters (80 %)");
    const struct finding *first = &given.findings.items[1];
    assert_string_equal(first->rule, "budget.section");
    assert_int_equal(first->line, 3);
    assert_string_equal(first->message, "[##############      ] section 'a' has 28000 characters "
                                        "(70 % of the budget)");
}

static void test_check_budget__tells_of_sections_that_say_nothing(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    given_subject_make(
        &given, manifest,
        (struct given_document[]) {
            { "a.md", "Hello.", 0 }, { "b.md", " \r\n\t", 0 }, { "c.md", "", 0 }, { 0 } });
    assert_int_equal(check_budget_run(&given.subject, &given.findings, &err), STATUS_OK);
    assert_int_equal(given.findings.count, 2);
    assert_string_equal(given.findings.items[0].rule, "budget.blank");
    assert_int_equal(given.findings.items[0].severity, SEVERITY_WARNING);
    assert_int_equal(given.findings.items[0].line, 4);
    assert_int_equal(given.findings.items[1].line, 5);
}

static void test_check_budget__refuses_a_prompt_that_says_nothing(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, 0, 0, 0);
    assert_int_equal(given.findings.count, 3);
    assert_int_equal(given.findings.items[0].severity, SEVERITY_ERROR);
}

static void test_check_budget__leaves_short_sections_out(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, 36002, 1999, 1999);
    assert_int_equal(given_subject_count(&given, "budget.section"), 1);
    assert_non_null(strstr(given_subject_only(&given, "budget.total")->message, "(100 %)"));
    assert_false(finding_has_errors(&given.findings));
}

// The manifest's validation refuses such a prompt before; whoever asks without it hears it here.
static void test_check_budget__refuses_what_is_over(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct content large OWNED(content_release) = { 0 };
    char *text OWNED(memory_release) = given_text(40001);
    run(&given, 1, 1, 1);
    assert_int_equal(content_add_bytes(&large, "a.md", text, strlen(text), &err), STATUS_OK);
    assert_int_equal(content_seal(&large, &err), STATUS_OK);
    given.subject.content = &large;
    assert_int_equal(check_budget_run(&given.subject, &given.findings, &err), STATUS_OK);
    assert_int_equal(given_subject_only(&given, "budget.over")->severity, SEVERITY_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_budget__says_nothing_up_to_four_fifths),
        cmocka_unit_test(test_check_budget__shows_a_meter_for_each_long_section),
        cmocka_unit_test(test_check_budget__tells_of_sections_that_say_nothing),
        cmocka_unit_test(test_check_budget__refuses_a_prompt_that_says_nothing),
        cmocka_unit_test(test_check_budget__leaves_short_sections_out),
        cmocka_unit_test(test_check_budget__refuses_what_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
