// template: what is found wrong with a prompt's templates, and what is not.
#include "unit/check/given_subject.h"

#define PROMPT(members)                                                                            \
    "{\"kind\":\"prompt\",\"name\":\"x\",\"sections\":[{\"name\":\"opening\",\"file\":\"a.md\","   \
    "\"direction\":\"outbound\"}]" members "}"
#define VARIABLES(properties)                                                                      \
    ",\n\"variables\":{\"type\":\"object\",\"properties\":{" properties "}}"

static void run_at(struct given_subject *given, enum check_stage stage, const char *manifest,
                   const char *text)
{
    struct error err = { 0 };
    given_subject_make(given, manifest, (struct given_document[]) { { "a.md", text, 0 }, { 0 } });
    given->subject.stage = stage;
    assert_int_equal(check_template_run(&given->subject, &given->findings, &err), STATUS_OK);
    for (size_t i = 0; i < given->findings.count; i++)
        assert_true(given->findings.items[i].mend[0] != '\0');
}

static void run(struct given_subject *given, const char *manifest, const char *text)
{
    run_at(given, CHECK_PUBLISH, manifest, text);
}

static void assert_at(const struct finding *finding, const char *file, uint32_t line,
                      uint32_t column, enum severity severity)
{
    assert_string_equal(finding->file, file);
    assert_int_equal(finding->line, line);
    assert_int_equal(finding->column, column);
    assert_int_equal(finding->severity, severity);
}

static void test_check_template__passes_what_is_right(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    static const char manifest[] =
        PROMPT(",\"variables\":{\"type\":\"object\",\"properties\":{"
               "\"name\":{\"type\":\"string\"},\"open\":{\"type\":\"boolean\"},"
               "\"slots\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
               "\"offers\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
               "\"properties\":{\"price\":{\"type\":\"string\"}}}},"
               "\"at\":{\"type\":\"object\",\"properties\":{\"day\":{}}}}},"
               "\"examples\":[{\"name\":\"A\",\"open\":true,\"slots\":[\"nine\"],"
               "\"offers\":[{\"price\":\"ten\"}],\"at\":{\"day\":\"Monday\"}}]");
    run_at(&given, CHECK_GATE, manifest,
           "{{name}}\n{{#open}}\nWe are open, {{name}}.\n{{/open}}\n{{^open}}{{at.day}}{{/open}}\n"
           "{{#slots}}{{.}}{{/slots}}{{#offers}}{{price}} {{name}}{{/offers}}{{#at}}{{day}}{{/at}}"
           "{\"a\":{\"b\":1}} costs $5, 10 % off {really}");
    if (given.findings.count > 0)
        fail_msg("%s", given.findings.items[0].message);
}

static void test_check_template__refuses_what_cannot_be_rendered(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, PROMPT(""), "a\n{{#b}} {{c");
    assert_at(given_subject_only(&given, "template.broken-tag"), "a.md", 2, 8, SEVERITY_ERROR);
    assert_at(given_subject_only(&given, "template.unbalanced"), "a.md", 2, 1, SEVERITY_ERROR);
}

static void test_check_template__lets_a_draft_have_tags_of_other_languages(void **state)
{
    (void)state;
    static const char text[] =
        "{{ \"now\" | date: \"%A\" }}\n{% if a %}\n<% b %> ${c.d} ${} {{/e}}";
    struct given_subject draft OWNED(given_subject_release) = { 0 };
    struct given_subject live OWNED(given_subject_release) = { 0 };
    run(&draft, PROMPT(""), text);
    assert_at(given_subject_only(&draft, "template.foreign-tag"), "a.md", 1, 1, SEVERITY_WARNING);
    assert_at(given_subject_only(&draft, "template.unbalanced"), "a.md", 3, 20, SEVERITY_WARNING);
    assert_int_equal(given_subject_count(&draft, "template.foreign-text"), 3);
    assert_false(finding_has_errors(&draft.findings));
    run_at(&live, CHECK_GATE, PROMPT(""), text);
    assert_at(given_subject_only(&live, "template.foreign-tag"), "a.md", 1, 1, SEVERITY_ERROR);
    const struct finding *mark = NULL;
    for (size_t i = 0; i < live.findings.count && !mark; i++)
        if (strcmp(live.findings.items[i].rule, "template.foreign-text") == 0)
            mark = &live.findings.items[i];
    assert_non_null(mark);
    assert_at(mark, "a.md", 2, 1, SEVERITY_ERROR);
    assert_at(mark + 1, "a.md", 3, 1, SEVERITY_WARNING);
    assert_at(mark + 2, "a.md", 3, 9, SEVERITY_WARNING);
}

static void test_check_template__finds_names_that_are_not_declared(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(VARIABLES("\"name\":{\"type\":\"string\"},\"offers\":{\"type\":\"array\",\"items\":"
                         "{\"$ref\":\"#/$defs/offer\"}}") ",\"title\":\"T\""),
        "{{name}} {{nmae}}\n{{#offers}}{{price}}{{/offers}}");
    // Nothing at the end of the reference, so nobody can tell about "price".
    assert_at(given_subject_only(&given, "template.unknown-variable"), "a.md", 1, 10,
              SEVERITY_WARNING);
}

static void test_check_template__looks_into_what_a_schema_is_made_of(void **state)
{
    (void)state;
    static const struct {
        const char *schema;
        const char *text;
        size_t unknown;
    } cases[] = {
        { "\"properties\":{\"a\":{}}", "{{a}}{{b}}", 1 },
        { "\"properties\":{\"a\":{}},\"additionalProperties\":false", "{{a}}{{b}}", 1 },
        { "\"properties\":{\"a\":{}},\"additionalProperties\":true", "{{a}}{{b}}", 0 },
        { "\"properties\":{\"a\":{}},\"patternProperties\":{\"^b\":{}}", "{{b}}", 0 },
        { "\"properties\":{\"a\":{}},\"allOf\":[{\"properties\":{\"b\":{}}}]", "{{b}}{{c}}", 1 },
        { "\"properties\":{\"a\":{}},\"if\":{},\"then\":{\"properties\":{\"b\":{}}}", "{{b}}", 0 },
        { "\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"properties\":{\"b\":{}}}}", "{{b}}{{c}}", 1 },
        { "\"$ref\":\"#\",\"properties\":{\"b\":{}}", "{{b}}{{c}}", 0 },
        { "\"properties\":{\"a\":{\"type\":\"string\"}}", "{{a.b}}", 1 },
        { "\"properties\":{\"a\":{\"properties\":{\"b\":{}}}}",
          "{{a.b}}{{a.c}}{{#a}}{{b}}{{d}}{{/a}}", 2 },
        { "\"properties\":{\"a\":{\"type\":\"object\"}}", "{{a.b}}{{#a}}{{b}}{{/a}}", 0 },
        { "\"properties\":{\"a\":{\"type\":\"array\"}}", "{{#a}}{{b}}{{.}}{{/a}}", 0 },
        { "\"properties\":{\"a\":{\"type\":\"boolean\"}}", "{{#a}}{{b}}{{/a}}{{^a}}{{c}}{{/a}}",
          2 },
        { "\"properties\":{\"a\":{\"type\":\"boolean\"}}", "{{#b}}{{/b}}{{^c}}{{/c}}", 2 },
        { "\"properties\":{\"a\":{}},\"$ref\":\"https://example.com/x\"", "{{b}}", 0 },
        { "\"title\":\"anything\"", "{{a}}", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        struct buffer manifest OWNED(buffer_release) = { 0 };
        buffer_append_format(&manifest, PROMPT("%s"), "");
        buffer_truncate(&manifest, manifest.length - 1);
        buffer_append_format(&manifest, ",\"variables\":{\"type\":\"object\",%s}}",
                             cases[i].schema);
        run(&given, buffer_text(&manifest), cases[i].text);
        if (given_subject_count(&given, "template.unknown-variable") != cases[i].unknown)
            fail_msg("%s %s: %zu", cases[i].schema, cases[i].text,
                     given_subject_count(&given, "template.unknown-variable"));
    }
}

static void test_check_template__notes_what_is_not_used(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct given_subject unsure OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(VARIABLES("\"a\":{},\n\"b/~\":{},\"c\":{\"properties\":{\"d\":{}}},\"e\":{}")),
        "{{a}}{{c.d}}{{^e}}x{{/e}}");
    assert_at(given_subject_only(&given, "template.unused-variable"), "artifact.json", 3, 7,
              SEVERITY_NOTE);
    run(&unsure, PROMPT(VARIABLES("\"a\":{}")), "{{#each a}}{{/each}}");
    assert_int_equal(given_subject_count(&unsure, "template.unused-variable"), 0);
}

static void test_check_template__notes_that_nothing_is_declared(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct given_subject plain OWNED(given_subject_release) = { 0 };
    run(&given, PROMPT(""), "{{name}} {{other}}");
    assert_int_equal(given_subject_only(&given, "template.undeclared")->severity, SEVERITY_NOTE);
    assert_int_equal(given.findings.count, 1);
    run(&plain, PROMPT(""), "Just say hello.");
    assert_int_equal(plain.findings.count, 0);
}

static void test_check_template__knows_which_calls_have_a_variable(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct given_subject live OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(VARIABLES("\"caller\":{\"type\":\"string\",\"direction\":\"inbound\"},"
                         "\"callee\":{\"type\":\"string\",\"direction\":\"outbound\"}")),
        "{{callee}} {{caller}}");
    assert_at(given_subject_only(&given, "template.wrong-direction"), "a.md", 1, 12,
              SEVERITY_WARNING);
    run_at(&live, CHECK_GATE,
           PROMPT(VARIABLES("\"caller\":{\"direction\":\"inbound\"}") ",\"examples\":[{}]"),
           "{{caller}}");
    assert_int_equal(given_subject_only(&live, "template.wrong-direction")->severity,
                     SEVERITY_ERROR);
    assert_int_equal(live.findings.count, 1); // also that the example lacks it goes without saying
}

static void test_check_template__warns_of_what_is_no_text(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(VARIABLES("\"l\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
                         "\"o\":{\"type\":\"object\"}")),
        "{{l}} {{o}} {{#l}}{{.}}{{/l}} {{.}}");
    assert_int_equal(given_subject_count(&given, "template.not-text"), 4);
    assert_int_equal(given.findings.count, 4);
}

static void test_check_template__renders_each_example(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    static const char manifest[] =
        PROMPT(",\"variables\":{\"type\":\"object\",\"properties\":{"
               "\"name\":{\"type\":\"string\"},\"day\":{\"type\":\"string\"}}},\n\"examples\":["
               "{\"name\":\"A\",\"day\":\"B\"},\n{\"name\":\"A\"},\n{\"day\":7},{}]");
    run(&given, manifest, "{{#day}}On {{day}}, {{/day}}\n{{name}}: {{day}}, {{day}}");
    assert_int_equal(given_subject_count(&given, "template.example-missing"), 3);
    const struct finding *first = &given.findings.items[1];
    assert_at(first, "a.md", 2, 11, SEVERITY_WARNING);
    assert_non_null(
        strstr(first->message, "with example 2, nothing is said in the place of 'day'"));
    const struct finding *invalid = given_subject_only(&given, "template.example-invalid");
    assert_at(invalid, "artifact.json", 4, 8, SEVERITY_WARNING);
    assert_non_null(strstr(invalid->message, "example 3: "));
}

static void test_check_template__refuses_variables_that_are_no_schema(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run_at(&given, CHECK_GATE, PROMPT(VARIABLES("\"a\":{\n\"type\":\"strng\"}")), "{{a}}");
    const struct finding *finding = given_subject_only(&given, "template.variables-invalid");
    assert_at(finding, "artifact.json", 3, 8, SEVERITY_ERROR);
    assert_string_equal(finding->pointer, "/variables/properties/a/type");
}

static void test_check_template__stops_where_examples_grow_without_end(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(",\"examples\":[{\"l\":[1,2,3,4,5,6,7,8,9,10]},{\"l\":[1,2,3,4,5,6,7,8,9,10]}]"),
        "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}.{{/l}}{{/l}}{{/l}}{{/l}}{{/"
        "l}}"
        "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}");
    assert_at(given_subject_only(&given, "template.sample-too-large"), "a.md", 1, 1,
              SEVERITY_WARNING);
}

static void test_check_template__speaks_of_escapes_only_where_they_are_asked_for(void **state)
{
    (void)state;
    struct given_subject spoken OWNED(given_subject_release) = { 0 };
    struct given_subject html OWNED(given_subject_release) = { 0 };
    run(&spoken, PROMPT(VARIABLES("\"a\":{}")), "{{a}}{{{a}}}");
    assert_int_equal(spoken.findings.count, 0);
    run(&html, PROMPT(VARIABLES("\"a\":{}") ",\n\"escape\":\"html\""), "{{a}} {{{a}}}");
    assert_at(given_subject_only(&html, "template.escaped"), "artifact.json", 3, 10, SEVERITY_NOTE);
    assert_at(given_subject_only(&html, "template.unescaped"), "a.md", 1, 7, SEVERITY_NOTE);
}

static void test_check_template__has_no_partials(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run_at(&given, CHECK_GATE, PROMPT(""), "a {{> footer}}");
    assert_at(given_subject_only(&given, "template.partial"), "a.md", 1, 3, SEVERITY_ERROR);
}

static void test_check_template__wants_a_fallback_without_tags(void **state)
{
    (void)state;
    static const char *const texts[] = { "Sorry, {{name}}", "Sorry, {{name" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct given_subject given OWNED(given_subject_release) = { 0 };
        given_subject_make(
            &given, PROMPT(",\"fallback\":{\"file\":\"f.md\"}"),
            (struct given_document[]) { { "a.md", "Hello.", 0 }, { "f.md", texts[i], 0 }, { 0 } });
        assert_int_equal(check_template_run(&given.subject, &given.findings, &err), STATUS_OK);
        assert_at(given_subject_only(&given, "template.fallback-tag"), "f.md", 1, 8,
                  SEVERITY_WARNING);
    }
}

static void test_check_template__says_once_what_is_in_a_file_that_is_named_twice(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        "{\"kind\":\"prompt\",\"name\":\"x\",\"sections\":[{\"name\":\"a\",\"file\":\"a.md\"},"
        "{\"name\":\"b\",\"file\":\"a.md\",\"direction\":\"inbound\"}]" VARIABLES(
            "\"a\":{\"direction\":\"outbound\"}") "}",
        "{{b}} {{a}} {%x%}");
    assert_int_equal(given_subject_count(&given, "template.unknown-variable"), 1);
    assert_int_equal(given_subject_count(&given, "template.foreign-text"), 1);
    assert_int_equal(given_subject_count(&given, "template.wrong-direction"), 1); // in "b" only
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_template__passes_what_is_right),
        cmocka_unit_test(test_check_template__refuses_what_cannot_be_rendered),
        cmocka_unit_test(test_check_template__lets_a_draft_have_tags_of_other_languages),
        cmocka_unit_test(test_check_template__finds_names_that_are_not_declared),
        cmocka_unit_test(test_check_template__looks_into_what_a_schema_is_made_of),
        cmocka_unit_test(test_check_template__notes_what_is_not_used),
        cmocka_unit_test(test_check_template__notes_that_nothing_is_declared),
        cmocka_unit_test(test_check_template__knows_which_calls_have_a_variable),
        cmocka_unit_test(test_check_template__warns_of_what_is_no_text),
        cmocka_unit_test(test_check_template__renders_each_example),
        cmocka_unit_test(test_check_template__refuses_variables_that_are_no_schema),
        cmocka_unit_test(test_check_template__stops_where_examples_grow_without_end),
        cmocka_unit_test(test_check_template__speaks_of_escapes_only_where_they_are_asked_for),
        cmocka_unit_test(test_check_template__has_no_partials),
        cmocka_unit_test(test_check_template__wants_a_fallback_without_tags),
        cmocka_unit_test(test_check_template__says_once_what_is_in_a_file_that_is_named_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
