// tool-compatibility: what a caller who knows the live tool would notice.
#include "unit/check/given_subject.h"

#define TOOL(rest)                                                                                 \
    "{\"kind\":\"tool\",\"name\":\"crm/log\",\"description\":\"Logs an outcome.\"," rest "}"
#define INPUT(rest) TOOL("\"input_schema\":{\"type\":\"object\"," rest "}")
#define ONE(schema) INPUT("\"properties\":{\"x\":" schema "}")

static enum status find_live(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err)
{
    (void)id;
    (void)err;
    *out = context;
    return STATUS_OK;
}

static void compare(struct given_subject *given, const char *live_manifest, const char *manifest)
{
    struct error err = { 0 };
    struct given_subject live OWNED(given_subject_release) = { 0 };
    given_subject_make(&live, live_manifest, NULL);
    given_subject_make(given, manifest, NULL);
    given->subject.stage = CHECK_GATE;
    given->world.find_live = find_live;
    given->world.context = &live.manifest;
    assert_int_equal(check_tool_compatibility_run(&given->subject, &given->findings, &err),
                     STATUS_OK);
    given->world.context = NULL;
}

static void test_check_tool_compatibility__names_what_callers_lose(void **state)
{
    static const struct {
        const char *live;
        const char *now;
        const char *rule;
        enum severity severity;
        const char *words;
    } changes[] = {
        { ONE("{\"type\":\"string\"}"), INPUT("\"properties\":{}"),
          "tool-compatibility.argument-removed", SEVERITY_WARNING, "argument 'x' is gone" },
        { INPUT("\"additionalProperties\":false,\"properties\":{\"x\":{\"type\":\"string\"}}"),
          INPUT("\"additionalProperties\":false,\"properties\":{}"),
          "tool-compatibility.argument-removed", SEVERITY_ERROR, "argument 'x' is gone" },
        { INPUT("\"properties\":{\"x\":{}}"),
          INPUT("\"properties\":{\"x\":{}},\"required\":[\"x\"]"),
          "tool-compatibility.argument-required", SEVERITY_ERROR, "argument 'x' is newly" },
        { ONE("{\"type\":[\"string\",\"null\"]}"), ONE("{\"type\":\"string\"}"),
          "tool-compatibility.type-narrowed", SEVERITY_ERROR, "took null or string; now it takes" },
        { ONE("{\"type\":\"number\"}"), ONE("{\"type\":\"integer\"}"),
          "tool-compatibility.type-narrowed", SEVERITY_ERROR, "now it takes integer only" },
        { ONE("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}"),
          ONE("{\"type\":\"string\"}"), "tool-compatibility.type-narrowed", SEVERITY_ERROR, "'x'" },
        { ONE("{}"), ONE("{\"type\":\"string\"}"), "tool-compatibility.type-narrowed",
          SEVERITY_WARNING, "took anything" },
        { ONE("{\"enum\":[\"a\",\"b\"]}"), ONE("{\"enum\":[\"b\",\"c\"]}"),
          "tool-compatibility.enum-narrowed", SEVERITY_ERROR, "no longer takes \"a\"" },
        { ONE("{\"type\":\"string\"}"), ONE("{\"type\":\"string\",\"enum\":[\"b\"]}"),
          "tool-compatibility.enum-narrowed", SEVERITY_ERROR, "listed ones only" },
        { ONE("{\"type\":\"object\",\"properties\":{\"y\":{\"type\":\"array\","
              "\"items\":{\"type\":\"string\"}}}}"),
          ONE("{\"type\":\"object\",\"properties\":{\"y\":{\"type\":\"array\","
              "\"items\":{\"type\":\"integer\"}}}}"),
          "tool-compatibility.type-narrowed", SEVERITY_ERROR, "argument 'x.y[]' took string" },
        { ONE("{}"), INPUT("\"additionalProperties\":false,\"properties\":{\"x\":{}}"),
          "tool-compatibility.closed", SEVERITY_WARNING, "the input took arguments" },
        { ONE("{\"maxLength\":9}"), ONE("{\"maxLength\":8}"), "tool-compatibility.range-narrowed",
          SEVERITY_WARNING, "narrower maxLength: 8" },
        { ONE("{\"anyOf\":[{\"maxLength\":1},{\"minLength\":9}]}"),
          ONE("{\"anyOf\":[{\"maxLength\":1}]}"), "tool-compatibility.alternatives-removed",
          SEVERITY_WARNING, "1 alternatives, where it had 2" },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"read\""),
          TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"crm-write\""),
          "tool-compatibility.side-effect-widened", SEVERITY_WARNING, "was 'read' and is now" },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"crm-write\""),
          TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"call-control\""),
          "tool-compatibility.side-effect-widened", SEVERITY_WARNING, "now 'call-control'" },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"read\""),
          TOOL("\"input_schema\":{\"type\":\"object\"}"), "tool-compatibility.side-effect-widened",
          SEVERITY_WARNING, "no longer declared" },
        { TOOL("\"input_schema\":{\"type\":\"object\"},"
               "\"output_schema\":{\"properties\":{\"id\":{}}}"),
          TOOL("\"input_schema\":{\"type\":\"object\"},\"output_schema\":{}"),
          "tool-compatibility.output-removed", SEVERITY_WARNING, "output 'id' is gone" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        compare(&given, changes[i].live, changes[i].now);
        const struct finding *finding = given_subject_only(&given, changes[i].rule);
        assert_int_equal(given.findings.count, 1);
        assert_int_equal(finding->severity, changes[i].severity);
        assert_non_null(strstr(finding->message, changes[i].words));
        assert_string_equal(finding->file, MANIFEST_PATH);
        assert_true(finding->line >= 1 && finding->column >= 1 && finding->mend[0]);
    }
}

static void test_check_tool_compatibility__lets_wider_tools_pass(void **state)
{
    static const char *const pairs[][2] = {
        { ONE("{\"type\":\"string\"}"),
          INPUT("\"properties\":{\"x\":{\"type\":[\"string\",\"null\"]},\"y\":{}}") },
        { ONE("{\"type\":\"integer\"}"), ONE("{\"type\":\"number\"}") },
        { ONE("{\"enum\":[\"a\"]}"), ONE("{\"enum\":[\"b\",\"a\"]}") },
        { ONE("{\"enum\":[\"a\"]}"), ONE("{\"type\":\"string\"}") },
        { ONE("{\"const\":\"a\"}"), ONE("{\"type\":\"string\",\"enum\":[\"a\"]}") },
        { ONE("{\"type\":\"boolean\"}"), ONE("{\"type\":\"boolean\",\"enum\":[false,true]}") },
        { ONE("{\"minimum\":2,\"pattern\":\"a\"}"), ONE("{\"minimum\":1,\"pattern\":\"a\"}") },
        { INPUT("\"properties\":{\"x\":{}},\"required\":[\"x\"]"), ONE("{}") },
        { ONE("{\"type\":\"string\"}"),
          INPUT("\"$defs\":{\"s\":{\"type\":\"string\"}},\"properties\":{\"x\":{\"$ref\":\"#/$defs/"
                "s\"}}") },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"call-control\""),
          TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"write\"") },
        { TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"crm-write\""),
          TOOL("\"input_schema\":{\"type\":\"object\"},\"side_effect\":\"write\"") },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        compare(&given, pairs[i][0], pairs[i][1]);
        if (given.findings.count)
            fail_msg("%zu: %s", i, given.findings.items[0].message);
    }
}

static void test_check_tool_compatibility__ends_in_schemas_that_hold_themselves(void **state)
{
    struct given_subject given OWNED(given_subject_release) = { 0 };
    (void)state;
    compare(&given,
            INPUT("\"properties\":{\"c\":{\"$ref\":\"#\"},\"d\":{\"$ref\":\"#\"},\"x\":{}}"),
            INPUT("\"properties\":{\"c\":{\"$ref\":\"#\"},\"d\":{\"$ref\":\"#\"}}"));
    assert_int_equal(given.findings.count, 1);
    given_subject_only(&given, "tool-compatibility.argument-removed");
}

static void test_check_tool_compatibility__points_at_the_argument(void **state)
{
    struct given_subject given OWNED(given_subject_release) = { 0 };
    (void)state;
    compare(
        &given, ONE("{\"type\":\"string\"}"),
        "{\"kind\":\"tool\",\"name\":\"crm/log\",\"description\":\"d\",\n"
        "\"input_schema\":{\"type\":\"object\",\"properties\":{\n  \"x\":{\"type\":\"null\"}}}}");
    const struct finding *finding = given_subject_only(&given, "tool-compatibility.type-narrowed");
    assert_int_equal(finding->line, 3);
    assert_int_equal(finding->column, 7);
}

static void test_check_tool_compatibility__says_nothing_without_a_live_version(void **state)
{
    struct error err = { 0 };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    (void)state;
    given_subject_make(&given, ONE("{}"), NULL);
    assert_int_equal(check_tool_compatibility_run(&given.subject, &given.findings, &err),
                     STATUS_OK);
    given.world.find_live = find_live;
    assert_int_equal(check_tool_compatibility_run(&given.subject, &given.findings, &err),
                     STATUS_OK);
    assert_int_equal(given.findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_tool_compatibility__names_what_callers_lose),
        cmocka_unit_test(test_check_tool_compatibility__lets_wider_tools_pass),
        cmocka_unit_test(test_check_tool_compatibility__ends_in_schemas_that_hold_themselves),
        cmocka_unit_test(test_check_tool_compatibility__points_at_the_argument),
        cmocka_unit_test(test_check_tool_compatibility__says_nothing_without_a_live_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
