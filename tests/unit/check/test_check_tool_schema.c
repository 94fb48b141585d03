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

static void test_check_tool_schema__fault_in_a_schema_is_shown_where_it_stands(void **state)
{
    static const struct {
        const char *manifest;
        const char *pointer;
        uint32_t line;
        uint32_t column;
    } cases[] = {
        { TOOL("\"input_schema\":{\"type\":\"object\",\n\"properties\":{\"a\":{\n "
               "\"type\":\"strin\"}}}"),
          "/input_schema/properties/a/type", 4, 9 },
        { TOOL("\"input_schema\":{\"type\":\"object\",\"properties\":{\"a/"
               "b\":{\"type\":\"string\",\n\"pattern\":\"(\"}}}"),
          "/input_schema/properties/a~1b/pattern", 3, 11 },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"output_schema\":{\"type\":\"object\","
               "\"items\":{\n\"$ref\":\"#/$defs/none\"}}"),
          "/output_schema/items/$ref", 3, 8 },
        { TOOL("\"input_schema\":{\"type\":\"object\",\n\"$schema\":\"https://example.com/"
               "dialect\"}"),
          "/input_schema/$schema", 3, 11 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run(&given, cases[i].manifest);
        const struct finding *finding = given_subject_only(&given, "tool-schema.invalid");
        assert_string_equal(finding->pointer, cases[i].pointer);
        assert_int_equal(finding->line, cases[i].line);
        assert_int_equal(finding->column, cases[i].column);
        assert_int_equal(strncmp(finding->message, cases[i].pointer, strlen(cases[i].pointer)), 0);
        assert_null(strstr(finding->message, "at '"));
    }
}

// What was made for one artifact serves the next, whatever came before.
static void test_check_tool_schema__says_the_same_with_a_kit_that_was_used(void **state)
{
    static const char bad[] = TOOL("\"input_schema\":{\"type\":\"object\",\"required\":7}");
    static const char draft_07[] = TOOL("\"input_schema\":{\"type\":\"object\",\"$schema\":\"http:/"
                                        "/json-schema.org/draft-07/schema#\","
                                        "\"dependentRequired\":7,\"items\":[true]}");
    static const char newest[] = TOOL("\"input_schema\":{\"type\":\"object\",\"items\":[true]}");
    static const struct {
        const char *manifest;
        size_t findings;
    } cases[] = { { bad, 1 }, { draft_07, 0 }, { newest, 1 }, { draft_07, 0 }, { bad, 1 } };
    struct error err = { 0 };
    struct check_kit *kit OWNED(check_kit_release) = NULL;
    (void)state;
    assert_int_equal(check_kit_new(&kit, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        given_subject_make(&given, cases[i].manifest, NULL);
        given.subject.kit = kit;
        assert_int_equal(check_tool_schema_run(&given.subject, &given.findings, &err), STATUS_OK);
        assert_int_equal(given.findings.count, cases[i].findings);
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
        cmocka_unit_test(test_check_tool_schema__fault_in_a_schema_is_shown_where_it_stands),
        cmocka_unit_test(test_check_tool_schema__says_the_same_with_a_kit_that_was_used),
        cmocka_unit_test(
            test_check_tool_schema__example_that_does_not_fit_is_an_error_at_its_place),
        cmocka_unit_test(test_check_tool_schema__examples_of_a_schema_that_is_none_are_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
