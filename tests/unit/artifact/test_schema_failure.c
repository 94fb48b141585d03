// Unit tests of what the validator reports: where, by which keyword, in which words.
#include "unit/artifact/schema_case.h"

#include "base/buffer.h"

static void collect(void *context, const struct schema_failure *failure)
{
    buffer_append_format(context, "%s|%s|%s\n", failure->instance_pointer, failure->keyword_pointer,
                         failure->message);
}

static void assert_reports(const char *schema_text, const char *value_text, const char *expected)
{
    struct error err = { 0 };
    struct buffer lines OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = schema_case_json(schema_text);
    struct json *value OWNED(json_release) = schema_case_json(value_text);
    struct schema *schema OWNED(schema_release) = NULL;
    if (schema_compile(&schema, document, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", schema_text, err.message);
    enum status status = schema_validate(schema, "", value, collect, &lines, &err);
    assert_int_equal(status, *expected ? STATUS_REFUSED : STATUS_OK);
    assert_string_equal(buffer_text(&lines), expected);
}

static void test_schema_failure__says_what_was_expected(void **state)
{
    (void)state;
    static const struct {
        const char *schema;
        const char *value;
        const char *expected;
    } rows[] = {
        { "{\"type\":\"string\"}", "\"\"", "" },
        { "{\"type\":[\"string\",\"null\"]}", "1",
          "|/type|expected null or string, found integer\n" },
        { "{\"enum\":[1,\"a\",null]}", "2", "|/enum|expected one of 1, \"a\" or null\n" },
        { "{\"const\":{\"a\":1}}", "2", "|/const|expected {\"a\":1}\n" },
        { "{\"minimum\":1.50}", "1", "|/minimum|expected a number of at least 1.50, found 1\n" },
        { "{\"maximum\":1}", "2", "|/maximum|expected a number of at most 1, found 2\n" },
        { "{\"exclusiveMinimum\":1}", "1",
          "|/exclusiveMinimum|expected a number above 1, found 1\n" },
        { "{\"exclusiveMaximum\":1}", "1",
          "|/exclusiveMaximum|expected a number below 1, found 1\n" },
        { "{\"multipleOf\":2}", "3",
          "|/multipleOf|expected a number that is a multiple of 2, found 3\n" },
        { "{\"minLength\":2}", "\"a\"", "|/minLength|expected at least 2 characters, found 1\n" },
        { "{\"maxLength\":1}", "\"ab\"", "|/maxLength|expected at most 1 characters, found 2\n" },
        { "{\"pattern\":\"^a$\"}", "\"b\"", "|/pattern|expected text that matches ^a$\n" },
        { "{\"required\":[\"b\",\"a\"]}", "{\"c\":1}",
          "|/required|the member 'b' is missing\n|/required|the member 'a' is missing\n" },
        { "{\"minProperties\":1}", "{}", "|/minProperties|expected at least 1 members, found 0\n" },
        { "{\"maxProperties\":0}", "{\"a\":1}",
          "|/maxProperties|expected at most 0 members, found 1\n" },
        { "{\"additionalProperties\":false}", "{\"a/b\":1,\"c~\":2}",
          "/a~1b|/additionalProperties|no member 'a/b' is expected here\n"
          "/c~0|/additionalProperties|no member 'c~' is expected here\n" },
        { "{\"unevaluatedProperties\":false}", "{\"a\":1}",
          "/a|/unevaluatedProperties|no member 'a' is expected here\n" },
        { "{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}",
          "/ab|/propertyNames/maxLength|expected at most 1 characters, found 2\n" },
        { "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
          "|/dependentRequired|the member 'b' is missing, which 'a' needs\n" },
        { "{\"minItems\":1}", "[]", "|/minItems|expected at least 1 items, found 0\n" },
        { "{\"maxItems\":1}", "[1,2]", "|/maxItems|expected at most 1 items, found 2\n" },
        { "{\"prefixItems\":[true],\"items\":false}", "[1,2]",
          "/1|/items|no item is expected here\n" },
        { "{\"unevaluatedItems\":false}", "[1]",
          "/0|/unevaluatedItems|no item is expected here\n" },
        { "{\"uniqueItems\":true}", "[1,2,1]", "|/uniqueItems|the items 0 and 2 are equal\n" },
        { "{\"contains\":{\"const\":1}}", "[2]",
          "|/contains|expected at least 1 items that fit, found 0\n" },
        { "{\"contains\":true,\"maxContains\":1}", "[1,2]",
          "|/maxContains|expected at most 1 items that fit, found 2\n" },
        { "{\"not\":{}}", "1", "|/not|valid against what it must not be\n" },
        { "{\"properties\":{\"a\":false}}", "{\"a\":1}",
          "/a|/properties/a|nothing is allowed here\n" },
        { "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "3",
          "|/oneOf|valid against the alternatives 0 and 1, expected exactly one (counted from "
          "0)\n" },
        { "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "0",
          "|/oneOf|valid against none of the 2 alternatives\n" },
        { "{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":1}}", "\"\"",
          "|/then/minLength|expected at least 1 characters, found 0\n" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_reports(rows[i].schema, rows[i].value, rows[i].expected);
}

static void test_schema_failure__reports_all_at_once_with_pointers(void **state)
{
    (void)state;
    assert_reports("{\"type\":\"object\",\"required\":[\"z\"],\"properties\":{\"a\":{\"items\":"
                   "{\"$ref\":\"#/$defs/n\"}},\"b\":{\"type\":\"string\"}},"
                   "\"$defs\":{\"n\":{\"type\":\"number\",\"maximum\":3}}}",
                   "{\"b\":1,\"a\":[1,\"x\",5]}",
                   "/b|/properties/b/type|expected string, found integer\n"
                   "/a/1|/$defs/n/type|expected number, found string\n"
                   "/a/2|/$defs/n/maximum|expected a number of at most 3, found 5\n"
                   "|/required|the member 'z' is missing\n");
}

static void test_schema_failure__names_the_document_of_a_keyword(void **state)
{
    (void)state;
    assert_reports("{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}", "{\"minLength\":-1}",
                   "/minLength|http://json-schema.org/draft-07/schema#"
                   "/definitions/nonNegativeInteger/minimum|"
                   "expected a number of at least 0, found -1\n");
}

// The one alternative that the type leaves says what is wrong, however deep it is.
static void test_schema_failure__explains_the_alternative_that_the_type_leaves(void **state)
{
    (void)state;
    assert_reports("{\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#/$defs/o\"},{\"enum\":[1,2]}],"
                   "\"$defs\":{\"o\":{\"type\":\"object\",\"required\":[\"a\"]}}}",
                   "{}", "|/$defs/o/required|the member 'a' is missing\n");
    assert_reports("{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"array\",\"minItems\":1}]}", "[]",
                   "|/oneOf/1/minItems|expected at least 1 items, found 0\n");
    assert_reports("{\"anyOf\":[{\"type\":\"string\"},false]}", "1",
                   "|/anyOf|valid against none of the 2 alternatives\n");
}

// Draft-07's metaschema has an anyOf at each level of "items".
static void test_schema_failure__explains_through_many_levels_of_alternatives(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_text(&text,
                       "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":");
    for (int i = 0; i < 60; i++)
        buffer_append_text(&text, "{\"items\":");
    buffer_append_text(&text, "{\"type\":\"str\"}");
    for (int i = 0; i < 60; i++)
        buffer_append_text(&text, "}");
    buffer_append_text(&text, "}");
    schema_case_refused(buffer_text(&text), NULL, "at '/items/items/items/items/items/items");
}

static void test_schema_failure__cuts_long_values(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer lines OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    struct json *values = json_set_array(document, "enum");
    char text[600];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i < 50; i++) {
        text[0] = (char)('A' + i);
        json_append_string(values, text);
    }
    struct json *value OWNED(json_release) = schema_case_json("\"a\"");
    struct schema *schema OWNED(schema_release) = NULL;
    assert_int_equal(schema_compile(&schema, document, NULL, &err), STATUS_OK);
    assert_int_equal(schema_validate(schema, "", value, collect, &lines, &err), STATUS_REFUSED);
    assert_true(lines.length < 500);
    assert_non_null(strstr(buffer_text(&lines), "…, …\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_failure__says_what_was_expected),
        cmocka_unit_test(test_schema_failure__reports_all_at_once_with_pointers),
        cmocka_unit_test(test_schema_failure__names_the_document_of_a_keyword),
        cmocka_unit_test(test_schema_failure__explains_the_alternative_that_the_type_leaves),
        cmocka_unit_test(test_schema_failure__explains_through_many_levels_of_alternatives),
        cmocka_unit_test(test_schema_failure__cuts_long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
