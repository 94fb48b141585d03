// Unit tests of JSON Schema 2020-12: each keyword's yes and no.
#include "unit/artifact/schema_case.h"

#include "artifact/schema_internal.h"

static void test_schema__knows_types(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "true", { "1", "null" }, { NULL } },
        { "false", { NULL }, { "1", "{}" } },
        { "{}", { "1", "{}" }, { NULL } },
        { "{\"type\":\"string\"}", { "\"\"" }, { "1", "null", "[]" } },
        { "{\"type\":\"null\"}", { "null" }, { "0", "false" } },
        { "{\"type\":\"boolean\"}", { "true", "false" }, { "0", "\"true\"" } },
        { "{\"type\":\"number\"}", { "1", "1.5", "1e400" }, { "\"1\"" } },
        { "{\"type\":\"integer\"}",
          { "1", "1.0", "-3e2", "12345678901234567890123", "1.5e1", "0.0" },
          { "1.5", "1e-1", "1.00000000000000000000001", "\"1\"" } },
        { "{\"type\":\"object\"}", { "{}" }, { "[]" } },
        { "{\"type\":\"array\"}", { "[]" }, { "{}" } },
        { "{\"type\":[\"string\",\"null\"]}", { "\"a\"", "null" }, { "1", "[]" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__compares_with_enum_and_const(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"enum\":[1,\"a\",null,[1,{\"b\":2}]]}",
          { "1.0", "\"a\"", "null", "[1,{\"b\":2.0}]" },
          { "2", "\"b\"", "false", "[1,{\"b\":3}]", "[]" } },
        { "{\"enum\":[]}", { NULL }, { "1" } },
        { "{\"enum\":[0,false]}", { "0", "-0.0", "false" }, { "\"\"", "true", "null" } },
        { "{\"const\":{\"a\":[1],\"b\":null}}", { "{\"b\":null,\"a\":[1]}" }, { "{\"a\":[1]}" } },
        { "{\"const\":9007199254740993}", { "9007199254740993" }, { "9007199254740992" } },
        { "{\"const\":\"a\\u0000b\"}", { "\"a\\u0000b\"" }, { "\"a\"", "\"ab\"" } },
        { "{\"const\":null}", { "null" }, { "0" } },
        { "{\"const\":0.1}", { "1e-1", "0.10" }, { "0.1000000000000000000000001" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__limits_numbers(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"minimum\":1.5}", { "1.5", "2", "1e400", "\"x\"" }, { "1.4", "-1e400" } },
        { "{\"maximum\":3}", { "3.0", "-1" }, { "3.0000000000000000001", "1e400" } },
        { "{\"exclusiveMinimum\":0}", { "1e-400", "1" }, { "0", "-0.0", "-1" } },
        { "{\"exclusiveMaximum\":3}", { "2.99" }, { "3", "4" } },
        { "{\"maximum\":18446744073709551600}",
          { "18446744073709551600" },
          { "18446744073709551601" } },
        { "{\"multipleOf\":2}", { "0", "-4", "1e400", "4.0", "null" }, { "3", "1.5" } },
        { "{\"multipleOf\":0.0001}", { "0.0075", "1", "1e308" }, { "0.00751", "1e-400" } },
        { "{\"multipleOf\":0.01}", { "4.35", "19.99", "1e22" }, { "4.351" } },
        { "{\"multipleOf\":1e-8}", { "12391239123" }, { "1e-9" } },
        { "{\"multipleOf\":0.123456789}", { "0.246913578" }, { "1e308" } },
        { "{\"multipleOf\":1234567890123456789012345}",
          { "2469135780246913578024690", "1234567890123456789012345e7" },
          { "2469135780246913578024691", "1e30" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__limits_strings(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"minLength\":2}",
          { "\"ab\"", "\"\xc3\xa9\xc3\xa9\"", "1" },
          { "\"a\"", "\"\\ud83d\\ude00\"" } },
        { "{\"maxLength\":2}", { "\"\\ud83d\\ude00\\u0000\"" }, { "\"abc\"" } },
        { "{\"maxLength\":2.0}", { "\"ab\"" }, { "\"abc\"" } },
        { "{\"maxLength\":1e400}", { "\"ab\"" }, { NULL } },
        { "{\"minLength\":1e400}", { "1" }, { "\"ab\"" } },
        { "{\"pattern\":\"^a+$\"}", { "\"aa\"", "1" }, { "\"ab\"", "\"aa\\n\"", "\"a\\u0000\"" } },
        { "{\"pattern\":\"b\"}", { "\"abc\"" }, { "\"a\"" } },
        { "{\"format\":\"email\"}", { "\"no address\"" }, { NULL } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__limits_objects(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"properties\":{\"a\":{\"type\":\"string\"},\"b\":false}}",
          { "{}", "{\"a\":\"x\"}", "{\"c\":1}", "1" },
          { "{\"a\":1}", "{\"b\":1}" } },
        { "{\"patternProperties\":{\"^x-\":{\"type\":\"number\"}}}",
          { "{\"x-a\":1,\"b\":\"\"}" },
          { "{\"x-a\":\"\"}" } },
        { "{\"properties\":{\"a\":true},\"patternProperties\":{\"^x\":true},"
          "\"additionalProperties\":false}",
          { "{\"a\":1,\"x1\":2}" },
          { "{\"b\":1}", "{\"ax\":1}" } },
        { "{\"additionalProperties\":{\"type\":\"null\"}}", { "{\"a\":null}" }, { "{\"a\":1}" } },
        { "{\"propertyNames\":{\"maxLength\":2}}", { "{\"ab\":1}" }, { "{\"abc\":1}" } },
        { "{\"required\":[\"a\",\"b\"]}", { "{\"b\":1,\"a\":null}", "[]" }, { "{\"a\":1}", "{}" } },
        { "{\"minProperties\":1,\"maxProperties\":2}",
          { "{\"a\":1}", "{\"a\":1,\"b\":1}", "[]" },
          { "{}", "{\"a\":1,\"b\":1,\"c\":1}" } },
        { "{\"dependentRequired\":{\"a\":[\"b\",\"c\"]}}",
          { "{}", "{\"a\":1,\"b\":1,\"c\":1}", "{\"b\":1}" },
          { "{\"a\":1}", "{\"a\":1,\"c\":1}" } },
        { "{\"dependentSchemas\":{\"a\":{\"minProperties\":2}}}",
          { "{\"b\":1}", "{\"a\":1,\"b\":2}" },
          { "{\"a\":1}" } },
        { "{\"dependencies\":{\"a\":[\"b\"],\"c\":false}}",
          { "{\"b\":1}" },
          { "{\"a\":1}", "{\"c\":1}" } },
        { "{\"properties\":{\"a\\u0000\":{\"type\":\"null\"}}}",
          { "{\"a\":1}", "{\"a\\u0000\":null}" },
          { "{\"a\\u0000\":1}" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__limits_arrays(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"items\":{\"type\":\"number\"}}", { "[]", "[1,2]", "{}" }, { "[1,\"\"]" } },
        { "{\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"null\"}],\"items\":false}",
          { "[]", "[\"a\"]", "[\"a\",null]" },
          { "[1]", "[\"a\",1]", "[\"a\",null,1]" } },
        { "{\"minItems\":1,\"maxItems\":2}", { "[1]", "[1,2]", "{}" }, { "[]", "[1,2,3]" } },
        { "{\"uniqueItems\":true}",
          { "[]", "[1,\"1\",true,[1],{\"a\":1}]", "[{\"a\":1},{\"a\":2}]" },
          { "[1,2,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]", "[[],[]]", "[1e2,100]" } },
        { "{\"uniqueItems\":false}", { "[1,1]" }, { NULL } },
        { "{\"contains\":{\"const\":1}}", { "[0,1]", "{}" }, { "[]", "[2]" } },
        { "{\"contains\":{\"const\":1},\"minContains\":2,\"maxContains\":3}",
          { "[1,1]", "[1,1,1,2]" },
          { "[1]", "[1,1,1,1]" } },
        { "{\"contains\":{\"const\":1},\"minContains\":0}", { "[]", "[2]" }, { NULL } },
        { "{\"minContains\":2}", { "[]" }, { NULL } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__combines_schemas(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]}", { "2" }, { "0", "4" } },
        { "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}", { "\"\"", "3" }, { "1" } },
        { "{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]}", { "2", "9" }, { "6", "7" } },
        { "{\"not\":{\"type\":\"string\"}}", { "1" }, { "\"\"" } },
        { "{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":1},\"else\":{\"minimum\":0}}",
          { "\"a\"", "0", "null" },
          { "\"\"", "-1" } },
        { "{\"then\":false,\"else\":false}", { "1" }, { NULL } },
        { "{\"if\":true,\"else\":false}", { "1" }, { NULL } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema__sees_what_was_evaluated(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
          { "{\"a\":1}", "{}" },
          { "{\"a\":1,\"b\":2}" } },
        { "{\"if\":{\"required\":[\"a\"],\"properties\":{\"a\":true}},"
          "\"else\":{\"properties\":{\"b\":true}},\"unevaluatedProperties\":false}",
          { "{\"a\":1}", "{\"b\":1}" },
          { "{\"a\":1,\"b\":1}" } },
        { "{\"anyOf\":[{\"properties\":{\"a\":{\"type\":\"string\"}}},"
          "{\"properties\":{\"b\":true}}],\"unevaluatedProperties\":false}",
          { "{\"a\":\"\",\"b\":1}", "{\"b\":1}" },
          { "{\"a\":1}" } },
        { "{\"not\":{\"not\":{\"properties\":{\"a\":true}}},\"unevaluatedProperties\":false}",
          { "{}" },
          { "{\"a\":1}" } },
        { "{\"$ref\":\"#/$defs/x\",\"unevaluatedProperties\":{\"type\":\"null\"},"
          "\"$defs\":{\"x\":{\"patternProperties\":{\"^a\":true}}}}",
          { "{\"aa\":1,\"b\":null}" },
          { "{\"b\":1}" } },
        { "{\"prefixItems\":[true],\"contains\":{\"type\":\"string\"},"
          "\"unevaluatedItems\":{\"type\":\"null\"}}",
          { "[1,\"a\",null]" },
          { "[1,\"a\",2]" } },
        { "{\"allOf\":[{\"items\":true}],\"unevaluatedItems\":false}", { "[1,2]" }, { NULL } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

// More than 64 members: what was evaluated no longer fits in one word.
static void test_schema__sees_what_was_evaluated_among_many(void **state)
{
    (void)state;
    struct error err = { 0 };
    const char *text = "{\"allOf\":[{\"patternProperties\":{\"^a\":true}},"
                       "{\"patternProperties\":{\"^b\":true}}],\"unevaluatedProperties\":false}";
    struct json *document OWNED(json_release) = schema_case_json(text);
    struct json *instance OWNED(json_release) = json_new_object();
    struct schema *schema OWNED(schema_release) = NULL;
    assert_int_equal(schema_compile(&schema, document, NULL, &err), STATUS_OK);
    for (int i = 0; i < 200; i++) {
        char key[8] = { i % 2 ? 'a' : 'b', (char)('A' + i / 20), (char)('A' + i % 20), '\0' };
        json_set_integer(instance, key, i);
    }
    assert_int_equal(schema_validate(schema, "", instance, NULL, NULL, &err), STATUS_OK);
    json_set_null(instance, "c");
    assert_int_equal(schema_validate(schema, "", instance, NULL, NULL, &err), STATUS_REFUSED);
}

static void test_schema__starts_from_any_subschema(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct json *document OWNED(json_release) = schema_case_json(
        "{\"$defs\":{\"a/b\":{\"items\":{\"type\":\"string\"}}},\"x-own\":{\"type\":\"null\"}}");
    struct json *one OWNED(json_release) = schema_case_json("1");
    struct schema *schema OWNED(schema_release) = NULL;
    assert_int_equal(schema_compile(&schema, document, NULL, &err), STATUS_OK);
    assert_int_equal(schema_validate(schema, "", one, NULL, NULL, &err), STATUS_OK);
    assert_int_equal(schema_validate(schema, "/$defs/a~1b/items", one, NULL, NULL, &err),
                     STATUS_REFUSED);
    assert_int_equal(schema_validate(schema, "/$defs", one, NULL, NULL, &err), STATUS_NOT_FOUND);
    assert_int_equal(schema_validate(schema, "/x-own", one, NULL, NULL, &err), STATUS_NOT_FOUND);
    assert_int_equal(schema_validate(schema, "", NULL, NULL, NULL, &err), STATUS_INVALID);
    assert_int_equal(schema_compile(&schema, NULL, NULL, &err), STATUS_INVALID);
    assert_int_equal(schema_validate(schema, "nonsense", one, NULL, NULL, &err), STATUS_NOT_FOUND);
}

static void test_schema__finds_every_keyword_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {
        "$defs",
        "$dynamicRef",
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "contains",
        "contentSchema",
        "definitions",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "if",
        "items",
        "maxContains",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minContains",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "properties",
        "propertyNames",
        "required",
        "then",
        "type",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
    };
    const struct schema_dialect dialect = { .draft = SCHEMA_2020_12,
                                            .vocabularies = SCHEMA_EVERY_VOCABULARY };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!schema_keyword_find(&dialect, names[i]))
            fail_msg("%s", names[i]);
    assert_null(schema_keyword_find(&dialect, "additionalItems"));
    assert_null(schema_keyword_find(&dialect, "title"));
    assert_null(schema_keyword_find(&dialect, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema__knows_types),
        cmocka_unit_test(test_schema__compares_with_enum_and_const),
        cmocka_unit_test(test_schema__limits_numbers),
        cmocka_unit_test(test_schema__limits_strings),
        cmocka_unit_test(test_schema__limits_objects),
        cmocka_unit_test(test_schema__limits_arrays),
        cmocka_unit_test(test_schema__combines_schemas),
        cmocka_unit_test(test_schema__sees_what_was_evaluated),
        cmocka_unit_test(test_schema__sees_what_was_evaluated_among_many),
        cmocka_unit_test(test_schema__starts_from_any_subschema),
        cmocka_unit_test(test_schema__finds_every_keyword_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
