// Tools made of JSON: the forms, names and lists that are out there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "unit/artifact/given_content.h"

#define SCHEMA_TEXT "{\"type\" : \"object\",\n  \"properties\":{\"n\":{\"const\":1.50e1}} }"

static void test_infer_tool__makes_a_tool_of_mcp_form(void **state)
{
    (void)state;
    static const char text[] =
        "{ \"name\": \"findContact\", \"title\": \"Find a contact\", \"description\": \"Finds.\",\n"
        " \"inputSchema\": " SCHEMA_TEXT ", \"outputSchema\": {\"type\":\"object\"},\n"
        " \"annotations\": {\"readOnlyHint\":true}, \"execution\": {\"taskSupport\":\"x\"} }\n";
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    assert_int_equal(given_infer_one(&results, "tool/crm/find", "anything.json", text, &err),
                     STATUS_OK);
    assert_int_equal(results.count, 1);
    assert_int_equal(results.items[0].content.count, 2);
    assert_file(&results.items[0].content, "source.json", text);
    read_manifest(&manifest, &results.items[0]);
    assert_member(&manifest, "/name", "crm/find");
    assert_member(&manifest, "/title", "Find a contact");
    assert_member(&manifest, "/description", "Finds.");
    assert_raw(&manifest, "/input_schema", SCHEMA_TEXT);
    assert_raw(&manifest, "/output_schema", "{\"type\":\"object\"}");
    assert_raw(&manifest, "/annotations", "{\"readOnlyHint\":true}");
    assert_null(json_get(manifest.document, "execution"));
}

static void test_infer_tool__makes_a_tool_of_openai_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"type\":\"function\",\"name\":\"f\",\"description\":\"D\",\"strict\":true,"
        "\"parameters\":" SCHEMA_TEXT "}",
        "{\"name\":\"f\",\"description\":\"D\",\"parameters\":" SCHEMA_TEXT "}",
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"D\","
        "\"parameters\":" SCHEMA_TEXT "},\"server\":{\"url\":\"https://example.com\"}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        assert_int_equal(given_infer_one(&results, "tool/x", "f.json", texts[i], &err), STATUS_OK);
        assert_file(&results.items[0].content, "source.json", texts[i]);
        read_manifest(&manifest, &results.items[0]);
        assert_member(&manifest, "/description", "D");
        assert_raw(&manifest, "/input_schema", SCHEMA_TEXT);
        assert_null(json_get(manifest.document, "output_schema"));
    }
}

static void test_infer_tool__takes_a_function_without_parameters(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"type\":\"function\",\"name\":\"hang_up\",\"description\":\"D\"}",
        "{\"type\":\"function\",\"name\":\"hang_up\",\"description\":\"D\",\"parameters\":null}",
        "{\"type\":\"function\",\"function\":{\"name\":\"hang_up\",\"description\":\"D\"}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        assert_int_equal(given_infer_one(&results, "tool/x", "f.json", texts[i], &err), STATUS_OK);
        read_manifest(&manifest, &results.items[0]);
        assert_member(&manifest, "/input_schema/type", "object");
        assert_int_equal(json_count(json_at(manifest.document, "/input_schema/properties")), 0);
    }
}

static void test_infer_tool__describes_a_tool_that_nobody_described(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *title;
        const char *description;
    } cases[] = {
        { "{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\"}}", "Log outcome", "Log outcome" },
        { "{\"name\":\"a\",\"title\":\"T\",\"description\":\"\",\"inputSchema\":{\"type\":"
          "\"object\"}}",
          "T", "T" },
        { "{\"name\":\"a\",\"annotations\":{\"title\":\"T2\"},\"inputSchema\":{\"type\":\"object\"}"
          "}",
          "T2", "T2" },
        { "{\"name\":\"a\",\"title\":\"two\\nlines\",\"description\":\"D\",\"inputSchema\":{"
          "\"type\":\"object\"}}",
          "Log outcome", "D" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        assert_int_equal(
            given_infer_one(&results, "tool/crm/log-outcome", "a.json", cases[i].text, &err),
            STATUS_OK);
        read_manifest(&manifest, &results.items[0]);
        assert_member(&manifest, "/title", cases[i].title);
        assert_member(&manifest, "/description", cases[i].description);
    }
}

#define TOOL_ONE "{ \"name\":\"lookupOrders\", \"inputSchema\":{\"type\":\"object\"} }"
#define TOOL_TWO                                                                                   \
    "{\"type\":\"function\",\"name\":\"API-get_user\",\"description\":\"],[{\\\"\","               \
    "\"parameters\":{\"type\":\"object\" }}"

static void test_infer_tool__makes_many_tools_of_a_list(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[" TOOL_ONE "," TOOL_TWO "]",
        " [\n  " TOOL_ONE "\t,\r\n" TOOL_TWO "\n]\n",
        "{\"nextCursor\":\"x\",\"tools\":[" TOOL_ONE "," TOOL_TWO "]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[" TOOL_ONE ", " TOOL_TWO "]}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct manifest one OWNED(manifest_release) = { 0 };
        struct manifest two OWNED(manifest_release) = { 0 };
        assert_int_equal(given_infer_one(&results, "tool/shop/v1", "list.json", texts[i], &err),
                         STATUS_OK);
        assert_int_equal(results.count, 2);
        assert_file(&results.items[0].content, "source.json", TOOL_ONE);
        assert_file(&results.items[1].content, "source.json", TOOL_TWO);
        read_manifest(&one, &results.items[0]);
        read_manifest(&two, &results.items[1]);
        assert_member(&one, "/name", "shop/v1/lookup-orders");
        assert_member(&two, "/name", "shop/v1/api-get-user");
        assert_member(&two, "/description", "],[{\"");
        assert_raw(&two, "/input_schema", "{\"type\":\"object\" }");
    }
}

static void test_infer_tool__turns_tool_names_into_segments(void **state)
{
    (void)state;
    static const struct {
        const char *tool;
        const char *name;
    } names[] = {
        { "lookupOrders", "x/lookup-orders" },
        { "maps_geocode", "x/maps-geocode" },
        { "API-create-a-data-source", "x/api-create-a-data-source" },
        { "getURLFor", "x/get-url-for" },
        { "v2Login", "x/v2-login" },
        { "crm.log  outcome", "x/crm-log-outcome" },
        { "__private__", "x/private" },
        { "SMS", "x/sms" },
        { "checkEligibilityAndPossiblyInitiateReturn",
          "x/check-eligibility-and-possibly-initiate-return" },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        buffer_append_format(&text, "[{\"type\":\"function\",\"name\":\"%s\"}]", names[i].tool);
        assert_int_equal(given_infer_one(&results, "tool/x", "a.json", text.bytes, &err),
                         STATUS_OK);
        assert_string_equal(results.items[0].id.name, names[i].name);
    }
}

#define LONG_50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_100 LONG_50 LONG_50

static void test_infer_tool__refuses_names_that_cannot_be(void **state)
{
    (void)state;
    static const char *const names[] = {
        "___",
        "a/b",
        "caf\xc3\xa9",
        "a:b",
        LONG_100 LONG_100 LONG_100 LONG_100 LONG_100 LONG_100,
        "a23456789-123456789-123456789-123456789-123456789-123456789-1234",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        buffer_append_format(&text, "[" TOOL_ONE ",{\"type\":\"function\",\"name\":\"%s\"}]",
                             names[i]);
        assert_int_equal(given_infer_one(&results, "tool/x", "a.json", text.bytes, &err),
                         STATUS_INVALID);
        assert_string_equal(err.code, "infer_name");
        char shown[201]; // a longer name is cut
        snprintf(shown, sizeof(shown), "%s", names[i]);
        assert_non_null(strstr(err.message, shown));
    }
}

static void test_infer_tool__refuses_two_tools_of_one_name(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    assert_int_equal(
        given_infer_one(&results, "tool/x", "a.json",
                        "[" TOOL_ONE ",{\"type\":\"function\",\"name\":\"getUser\"},"
                        "{\"type\":\"function\",\"function\":{\"name\":\"get_user\"}}]",
                        &err),
        STATUS_INVALID);
    assert_string_equal(err.code, "infer_same_name");
    assert_non_null(strstr(err.message, "'getUser' and 'get_user'"));
    assert_non_null(strstr(err.message, "tool/x/get-user"));
}

static void test_infer_tool__refuses_names_with_too_many_segments(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    assert_int_equal(given_infer_one(&results, "tool/a/b/c/d", "a.json", "[" TOOL_ONE "]", &err),
                     STATUS_INVALID);
    assert_string_equal(err.code, "name_invalid");
    assert_non_null(strstr(err.message, "a/b/c/d/lookup-orders"));
}

static void test_infer_tool__refuses_json_that_holds_no_tool(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        { "{}", "what it holds" },
        { "42", "what it holds" },
        { "{\"name\":\"x\"}", "what it holds" },
        { "{\"inputSchema\":{}}", "what it holds" }, // has no name
        { "{\"kind\":\"tool\",\"name\":\"x\",\"input_schema\":{}}", "what it holds" },
        { "[" TOOL_ONE ",7]", "item 2 of the list" },
        { "{\"tools\":[{\"name\":\"x\"}]}", "item 1 of the list" },
        { "[]", "holds 0 tools" },
        { "{\"tools\":[]}", "holds 0 tools" },
        { "{", "line 1" },
        { "", "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        assert_int_equal(given_infer_one(&results, "tool/x", "in/tools.json", cases[i].text, &err),
                         STATUS_INVALID);
        assert_true(strncmp(err.message, "in/tools.json: ", 15) == 0);
        assert_non_null(strstr(err.message, cases[i].words));
    }
}

static void fill_list(struct buffer *text, size_t count)
{
    buffer_append_text(text, "[");
    for (size_t i = 0; i < count; i++)
        buffer_append_format(text, "%s{\"type\":\"function\",\"name\":\"t%zu\"}", i ? "," : "", i);
    buffer_append_text(text, "]");
}

static void test_infer_tool__holds_lists_to_their_limit(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    fill_list(&text, INFER_MAX_TOOLS + 1);
    assert_int_equal(given_infer_one(&results, "tool/x", "a.json", text.bytes, &err),
                     STATUS_INVALID);
    assert_string_equal(err.code, "infer_tool_count");
    buffer_truncate(&text, 0);
    fill_list(&text, INFER_MAX_TOOLS);
    assert_int_equal(given_infer_one(&results, "tool/x", "a.json", text.bytes, &err), STATUS_OK);
    assert_int_equal(results.count, INFER_MAX_TOOLS);
    assert_string_equal(results.items[999].id.name, "x/t999");
}

static void test_infer_tool__does_not_read_what_is_too_large(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct artifact_id id = { .kind = KIND_TOOL, .name = "x" };
    struct content content OWNED(content_release) = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    // Without a source: reading it would end this test.
    assert_int_equal(content_add(&content, "a.json", JSON_MAX_BYTES + 1, NULL, 0, &err), STATUS_OK);
    assert_int_equal(infer_manifest(&results, &id, &content, &err), STATUS_TOO_LARGE);
    assert_true(strncmp(err.message, "a.json: ", 8) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_infer_tool__makes_a_tool_of_mcp_form),
        cmocka_unit_test(test_infer_tool__makes_a_tool_of_openai_forms),
        cmocka_unit_test(test_infer_tool__takes_a_function_without_parameters),
        cmocka_unit_test(test_infer_tool__describes_a_tool_that_nobody_described),
        cmocka_unit_test(test_infer_tool__makes_many_tools_of_a_list),
        cmocka_unit_test(test_infer_tool__turns_tool_names_into_segments),
        cmocka_unit_test(test_infer_tool__refuses_names_that_cannot_be),
        cmocka_unit_test(test_infer_tool__refuses_two_tools_of_one_name),
        cmocka_unit_test(test_infer_tool__refuses_names_with_too_many_segments),
        cmocka_unit_test(test_infer_tool__refuses_json_that_holds_no_tool),
        cmocka_unit_test(test_infer_tool__holds_lists_to_their_limit),
        cmocka_unit_test(test_infer_tool__does_not_read_what_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
