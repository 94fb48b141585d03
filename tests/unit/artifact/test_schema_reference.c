// Unit tests of what schemas refer to: identifiers, other documents, dialects, draft-07.
#include "unit/artifact/schema_case.h"

#define D7 "\"$schema\":\"http://json-schema.org/draft-07/schema#\","

static const struct json *find(void *context, const char *uri)
{
    return json_get(context, uri);
}

static void test_schema_reference__leads_to_pointers_anchors_and_ids(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"$ref\":\"#/$defs/a~1b%25\",\"$defs\":{\"a/b%\":{\"type\":\"null\"}}}",
          { "null" },
          { "1" } },
        { "{\"$ref\":\"#x\",\"$defs\":{\"y\":{\"$anchor\":\"x\",\"type\":\"null\"}}}",
          { "null" },
          { "1" } },
        { "{\"$id\":\"http://a/b/c\",\"$ref\":\"d\","
          "\"$defs\":{\"y\":{\"$id\":\"/b/d\",\"type\":\"null\"}}}",
          { "null" },
          { "1" } },
        { "{\"$id\":\"urn:x:y\",\"$ref\":\"urn:x:y#/$defs/y\",\"$defs\":{\"y\":{\"const\":1}}}",
          { "1" },
          { "2" } },
        // A sibling of $ref counts since 2019-09, and so does a place that no keyword knows.
        { "{\"$ref\":\"#/own/x\",\"maximum\":3,\"own\":{\"x\":{\"minimum\":1}}}",
          { "2" },
          { "0", "4" } },
        { "{\"$defs\":{\"tree\":{\"items\":{\"$ref\":\"#/$defs/tree\"},\"type\":\"array\"}},"
          "\"$ref\":\"#/$defs/tree\"}",
          { "[[],[[]]]" },
          { "[[],[1]]" } },
        { "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}",
          { "{\"type\":\"string\"}", "true" },
          { "{\"type\":\"str\"}", "1" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema_reference__follows_the_dynamic_scope(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"$id\":\"http://a/root\",\"$ref\":\"list\",\"$defs\":{"
          "\"s\":{\"$dynamicAnchor\":\"item\",\"type\":\"string\"},"
          "\"list\":{\"$id\":\"list\",\"items\":{\"$dynamicRef\":\"#item\"},"
          "\"$defs\":{\"any\":{\"$dynamicAnchor\":\"item\"}}}}}",
          { "[\"a\"]" },
          { "[1]" } },
        { "{\"$id\":\"http://a/root\",\"$ref\":\"list\",\"$defs\":{"
          "\"s\":{\"$anchor\":\"item\",\"type\":\"string\"},"
          "\"list\":{\"$id\":\"list\",\"items\":{\"$dynamicRef\":\"#item\"},"
          "\"$defs\":{\"any\":{\"$dynamicAnchor\":\"item\"}}}}}",
          { "[\"a\"]", "[1]" },
          { NULL } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema_reference__reaches_documents_of_the_registry(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"$ref\":\"http://a/text\"}", { "\"a\"" }, { "1" } },
        { "{\"$id\":\"http://a/x\",\"items\":{\"$ref\":\"text#/$defs/n\"}}",
          { "[1]" },
          { "[\"a\"]" } },
        { "{\"$ref\":\"http://a/text#here\"}", { "1" }, { "\"a\"" } },
        { "{\"$ref\":\"http://a/old\"}", { "[1,\"a\",\"b\"]" }, { "[\"a\"]", "[1,\"a\",2]" } },
    };
    struct json *documents OWNED(json_release) =
        schema_case_json("{\"http://a/text\":{\"$id\":\"http://b/own\",\"type\":\"string\","
                         "\"$defs\":{\"n\":{\"$anchor\":\"here\",\"type\":\"number\"}}},"
                         "\"http://a/old\":{" D7 "\"items\":[{\"type\":\"number\"}],"
                         "\"additionalItems\":{\"type\":\"string\"}},"
                         "\"http://a/bad\":{\"type\":\"str\"},\"http://a/list\":[]}");
    struct schema_registry registry = { .find = find, .context = documents };
    schema_case_run(cases, COUNT_OF(cases), &registry);
    schema_case_refused("{\"$ref\":\"http://a/none\"}", &registry,
                        "at '/$ref': 'http://a/none' leads to no schema; nothing is fetched");
    schema_case_refused("{\"$ref\":\"http://a/text#/none\"}", &registry,
                        "at '/$ref': 'http://a/text#/none' leads to no schema");
    schema_case_refused("{\"$ref\":\"http://a/bad\"}", &registry, "at 'http://a/bad#/type'");
    schema_case_refused("{\"$ref\":\"http://a/list\"}", &registry,
                        "at '/$ref': http://a/list: a schema is an object");
}

static void test_schema_reference__honours_vocabularies(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"$schema\":\"http://a/"
          "no-validation\",\"type\":\"string\",\"properties\":{\"a\":false}}",
          { "1", "{}" },
          { "{\"a\":1}" } },
    };
    struct json *documents OWNED(json_release) = schema_case_json(
        "{\"http://a/no-validation\":{\"$id\":\"http://a/no-validation\",\"$vocabulary\":{"
        "\"https://json-schema.org/draft/2020-12/vocab/core\":true,"
        "\"https://json-schema.org/draft/2020-12/vocab/applicator\":true,\"http://a/own\":false}},"
        "\"http://a/strange\":{\"$vocabulary\":{\"http://a/own\":true}},"
        "\"http://a/circle\":{\"$schema\":\"http://a/circle\"}}");
    struct schema_registry registry = { .find = find, .context = documents };
    schema_case_run(cases, COUNT_OF(cases), &registry);
    schema_case_refused("{\"$schema\":\"http://a/strange\"}", &registry,
                        "the dialect 'http://a/strange' requires the vocabulary 'http://a/own'");
    schema_case_refused("{\"$schema\":\"http://a/circle\"}", &registry,
                        "'http://a/circle': more than 8 documents that need each other");
    schema_case_refused("{\"$schema\":\"http://a/none\"}", &registry,
                        "at '/$schema': 'http://a/none' is not known here");
}

static void test_schema_reference__reads_draft_07_as_such(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{" D7 "\"items\":[{\"type\":\"string\"}],\"additionalItems\":false}",
          { "[]", "[\"a\"]" },
          { "[1]", "[\"a\",1]" } },
        { "{" D7 "\"items\":{\"type\":\"string\"},\"additionalItems\":false}",
          { "[\"a\",\"b\"]" },
          { "[1]" } },
        { "{" D7 "\"additionalItems\":false}", { "[1]" }, { NULL } },
        { "{" D7 "\"dependencies\":{\"a\":[\"b\"],\"c\":{\"minProperties\":2}}}",
          { "{\"a\":1,\"b\":1}", "{\"c\":1,\"d\":1}" },
          { "{\"a\":1}", "{\"c\":1}" } },
        { "{" D7 "\"definitions\":{\"x\":{\"type\":\"null\"}},"
          "\"items\":{\"$ref\":\"#/definitions/x\",\"maximum\":3}}",
          { "[null]" },
          { "[1]" } },
        // Beside $ref nothing counts, not even $id.
        { "{" D7
          "\"$id\":\"http://a/\",\"definitions\":{\"x\":{\"$id\":\"http://a/t\",\"const\":1},"
          "\"y\":{\"$id\":\"http://b/t\",\"const\":2}},"
          "\"items\":{\"$id\":\"http://b/\",\"$ref\":\"t\",\"const\":3}}",
          { "[1]" },
          { "[2]", "[3]" } },
        { "{" D7 "\"definitions\":{\"x\":{\"$id\":\"#name\",\"type\":\"null\"}},"
          "\"items\":{\"$ref\":\"#name\"}}",
          { "[null]" },
          { "[1]" } },
        { "{" D7 "\"contains\":{\"const\":1},\"minContains\":0}", { "[1]" }, { "[]" } },
        { "{" D7 "\"prefixItems\":[false],\"unevaluatedItems\":false,"
          "\"dependentRequired\":{\"a\":[\"b\"]}}",
          { "[1]", "{\"a\":1}" },
          { NULL } },
        { "{" D7 "\"if\":{\"const\":1},\"then\":false}", { "2" }, { "1" } },
        { "{\"$schema\":\"http://json-schema.org/draft-07/schema\",\"type\":\"null\"}",
          { "null" },
          { "1" } },
    };
    schema_case_run(cases, COUNT_OF(cases), NULL);
}

static void test_schema_reference__refuses_what_it_cannot_use(void **state)
{
    (void)state;
    static const struct {
        const char *schema;
        const char *message;
    } rows[] = {
        { "1", "at the top: expected boolean or object, found integer" },
        { "{\"type\":\"str\"}",
          "at '/type': expected one of \"array\", \"boolean\", \"integer\", \"null\", \"number\"" },
        { "{\"properties\":{\"a\":{\"minimum\":\"1\"}}}",
          "at '/properties/a/minimum': expected number, found string" },
        { "{\"required\":\"a\"}", "at '/required': expected array, found string" },
        { "{\"items\":[{}]}", "at '/items': expected boolean or object, found array" },
        { "{\"own\":{\"items\":[{}]},\"$ref\":\"#/own\"}",
          "at '/own/items': expected a schema; a list of them is prefixItems since 2020-12" },
        { "{\"own\":{\"minimum\":\"\"},\"$ref\":\"#/own\"}",
          "at '/own/minimum': expected a number" },
        { "{\"own\":{\"multipleOf\":-1},\"$ref\":\"#/own\"}",
          "at '/own/multipleOf': expected a number above 0" },
        { "{\"own\":{\"maxItems\":1.5},\"$ref\":\"#/own\"}",
          "at '/own/maxItems': expected a whole number" },
        { "{\"own\":{\"properties\":[]},\"$ref\":\"#/own\"}",
          "at '/own/properties': expected an object" },
        { "{\"own\":{\"properties\":{\"a\":1}},\"$ref\":\"#/own\"}",
          "at '/own/properties': expected a schema" },
        { "{\"own\":{\"type\":[]},\"$ref\":\"#/own\"}", "at '/own/type': expected the name of" },
        { "{\"own\":{\"$anchor\":1},\"$ref\":\"#/own\"}",
          "at '/$ref': at '/own/$anchor': expected a string" },
        { "{\"$ref\":\"#/own\",\"own\":1}", "at '/$ref': '#/own' leads to no schema" },
        { "{\"$ref\":\"#none\"}", "at '/$ref': '#none' leads to no schema" },
        { "{\"$ref\":\"other.json\"}", "at '/$ref': 'other.json' leads to no schema; nothing is" },
        { "{\"$ref\":\"#%00\"}", "at '/$ref': the fragment of '#%00' is not UTF-8" },
        { "{\"pattern\":\"(\"}", "at '/pattern': the regular expression '(' cannot be used" },
        { "{\"patternProperties\":{\"[\":true}}",
          "at '/patternProperties': the regular expression '[' is wrong at byte 1" },
        { "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}",
          "at '/$schema': 'http://json-schema.org/draft-04/schema' is not known here" },
        { "{\"$schema\":1}", "at '/$schema': expected a string" },
        { "{\"allOf\":[{\"$anchor\":\"a\"},{\"$anchor\":\"a\"}]}",
          "at '/allOf/1/$anchor': the anchor 'a' is there already" },
        { "{\"allOf\":[{\"$id\":\"http://a/\"},{\"$id\":\"http://a/\"}]}",
          "at '/allOf/1/$id': the URI 'http://a/' is there already" },
        { "{" D7 "\"type\":\"str\"}", "at '/type': expected one of" },
        { "{" D7 "\"allOf\":[{\"$id\":\"http://a/\"},{\"$id\":\"http://a/\"}]}",
          "at '/allOf/1/$id': the URI 'http://a/' is there already" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        schema_case_refused(rows[i].schema, NULL, rows[i].message);
}

static void test_schema_reference__shares_compiled_metaschemas(void **state)
{
    (void)state;
    static const struct schema_case cases[] = {
        { "{\"type\":\"string\"}", { "\"\"" }, { "1" } },
        { "{" D7 "\"items\":[false]}", { "[]" }, { "[1]" } },
        { "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}", { "true" }, { "1" } },
    };
    struct error err = { 0 };
    struct schema *metaschemas OWNED(schema_release) = NULL;
    struct json *value OWNED(json_release) = schema_case_json("1");
    assert_int_equal(schema_metaschemas(&metaschemas, &err), STATUS_OK);
    struct schema_registry registry = { .metaschemas = metaschemas };
    schema_case_run(cases, COUNT_OF(cases), &registry);
    schema_case_refused("{\"type\":1}", &registry, "at '/type': valid against none");
    schema_case_refused("{" D7 "\"type\":1}", &registry, "at '/type': valid against none");
    schema_case_refused("{\"$ref\":\"http://a/b\"}", &registry, "at '/$ref': 'http://a/b' leads");
    assert_int_equal(schema_validate(metaschemas, "", value, NULL, NULL, &err), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_reference__leads_to_pointers_anchors_and_ids),
        cmocka_unit_test(test_schema_reference__follows_the_dynamic_scope),
        cmocka_unit_test(test_schema_reference__reaches_documents_of_the_registry),
        cmocka_unit_test(test_schema_reference__honours_vocabularies),
        cmocka_unit_test(test_schema_reference__reads_draft_07_as_such),
        cmocka_unit_test(test_schema_reference__refuses_what_it_cannot_use),
        cmocka_unit_test(test_schema_reference__shares_compiled_metaschemas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
