// The check tool-schema: schemas are schemas, examples are what they say.
#include "given_subject.h"

#define TOOL(rest) "{\"kind\":\"tool\",\"name\":\"note\",\"description\":\"Notes.\",\n" rest "}"
#define SCHEMA                                                                                     \
    "{\"type\":\"object\",\"properties\":{\"outcome\":{\"type\":\"string\"}},"                     \
    "\"required\":[\"outcome\"]}"

static void run(struct given_subject *given, const char *manifest)
{
    struct error err = { 0 };
    given_subject_make(given, manifest, NULL);
    assert_int_equal(check_tool_schema_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static void test_check_tool_schema__says_nothing_of_what_is_right(void **state)
{
    static const char *const manifests[] = {
        TOOL("\"input_schema\":" SCHEMA),
        TOOL("\"input_schema\":{\"type\":\"object\"},\"output_schema\":" SCHEMA),
        TOOL("\"input_schema\":" SCHEMA ",\"output_schema\":{\"type\":\"object\"},\"examples\":["
             "{\"input\":{\"outcome\":\"sold\"},\"output\":{}},{\"input\":{\"outcome\":\"\"}}]"),
        TOOL("\"input_schema\":{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
             "\"type\":\"object\",\"definitions\":{\"a\":{}},\"properties\":{\"b\":{\"$ref\":"
             "\"#/definitions/a\"}}}"),
        TOOL("\"input_schema\":" SCHEMA
             ",\"examples\":[{\"input\":{\"outcome\":\"x\"},\"output\":7}]"), // no schema for it
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(manifests); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run(&given, manifests[i]);
        if (given.findings.count)
            fail_msg("%s: %s", manifests[i], given.findings.items[0].message);
    }
}

static void test_check_tool_schema__schema_that_is_none_is_an_error(void **state)
{
    static const struct {
        const char *manifest;
        const char *pointer;
    } cases[] = {
        { TOOL("\"input_schema\":{\"type\":\"object\",\"minProperties\":\"1\"}"), "/input_schema" },
        { TOOL("\"input_schema\":{\"type\":\"object\",\"required\":\"outcome\"}"),
          "/input_schema" },
        { TOOL(
              "\"input_schema\":{\"type\":\"object\",\"$ref\":\"https://example.com/other.json\"}"),
          "/input_schema" },
        { TOOL("\"input_schema\":{\"type\":\"object\",\"$ref\":\"#/$defs/none\"}"),
          "/input_schema" },
        { TOOL("\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"(\"}}}"),
          "/input_schema" },
        { TOOL("\"input_schema\":" SCHEMA
               ",\n\"output_schema\":{\"type\":\"object\",\"required\":7}"),
          "/output_schema" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run(&given, cases[i].manifest);
        if (given.findings.count != 1)
            fail_msg("%zu findings: %s", given.findings.count, cases[i].manifest);
        const struct finding *finding = &given.findings.items[0];
        assert_string_equal(finding->rule, "tool-schema.invalid");
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_string_equal(finding->file, "artifact.json");
        assert_true(finding->line >= 2);
        assert_non_null(strstr(finding->message, cases[i].pointer));
        assert_true(finding->mend[0]);
    }
}

static void test_check_tool_schema__example_that_does_not_fit_is_an_error_at_its_place(void **state)
{
    static const char manifest[] =
        TOOL("\"input_schema\":" SCHEMA ",\n\"output_schema\":" SCHEMA ",\n\"examples\":[\n"
             "{\"input\":{\"outcome\":\"sold\"}},\n"
             "{\"input\":{\"outcome\":7},\n\"output\":{}}]");
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, manifest);
    assert_int_equal(given.findings.count, 2);
    assert_int_equal(given_subject_count(&given, "tool-schema.example"), 2);
    assert_int_equal(given.findings.items[0].line, 6);
    assert_non_null(strstr(given.findings.items[0].message, "/examples/1/input/outcome"));
    assert_int_equal(given.findings.items[1].line, 7);
    assert_non_null(strstr(given.findings.items[1].message, "/examples/1/output"));
}

// Then the schema is what has to be mended first.
static void test_check_tool_schema__examples_of_a_schema_that_is_none_are_not_judged(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, TOOL("\"input_schema\":{\"type\":\"object\",\"minProperties\":\"1\"},\"examples\":["
                     "{\"input\":{\"a\":7}}]"));
    assert_int_equal(given.findings.count, 1);
    assert_int_equal(given_subject_count(&given, "tool-schema.invalid"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_tool_schema__says_nothing_of_what_is_right),
        cmocka_unit_test(test_check_tool_schema__schema_that_is_none_is_an_error),
        cmocka_unit_test(
            test_check_tool_schema__example_that_does_not_fit_is_an_error_at_its_place),
        cmocka_unit_test(test_check_tool_schema__examples_of_a_schema_that_is_none_are_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
