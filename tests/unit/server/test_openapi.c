// openapi.json says what the tables say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/memory.h"
#include "handler_operation.h"
#include "openapi.h"
#include "openapi_answer.h"
#include "operation/operation.h"
#include "problem.h"
#include "route.h"

static struct json *read_table(const char *file_name)
{
    struct json *table = openapi_answer_table(file_name);
    if (!table)
        fail_msg("%s is not JSON", file_name);
    return table;
}

// Both ways: a row without words, and words without a row.
static void test_openapi_document__has_words_for_each_route(void **state)
{
    (void)state;
    struct json *table OWNED(json_release) = read_table("openapi.routes.json");
    size_t count = 0;
    for (size_t i = 1; route_at(i); i++) {
        if (route_at(i)->handle == handler_operation_perform)
            continue;
        count++;
        if (!json_get(json_get(table, route_at(i)->pattern), "answers"))
            fail_msg("%s is not described", route_at(i)->pattern);
    }
    assert_int_equal(json_count(table), count);
}

static void test_openapi_document__has_a_result_for_each_operation(void **state)
{
    (void)state;
    struct json *table OWNED(json_release) = read_table("openapi.results.json");
    size_t count = 0;
    for (size_t i = 0; operation_table[i]; i++) {
        if (!operation_table[i]->classes)
            continue;
        count++;
        if (!json_get(json_get(table, operation_table[i]->name), "schema"))
            fail_msg("what comes of %s is not described", operation_table[i]->name);
    }
    assert_int_equal(json_count(table), count);
}

static bool names_status(const struct json *value, unsigned http_status)
{
    char text[16];
    snprintf(text, sizeof(text), "%u", http_status);
    if (json_get(json_get(value, "responses"), text))
        return true;
    for (const struct json *item = json_first(value); item; item = json_next(item))
        if (json_count(item) > 0 && names_status(item, http_status))
            return true;
    return false;
}

static void test_openapi_document__names_every_status_that_a_problem_has(void **state)
{
    (void)state;
    struct json *document OWNED(json_release) = openapi_document();
    const struct json *any = json_at(document, "/components/responses/ProblemAny/x-statuses");
    for (size_t i = 0; problem_status_at(i); i++) {
        bool is_named = names_status(json_get(document, "paths"), problem_status_at(i));
        for (const struct json *item = json_first(any); item; item = json_next(item))
            is_named |= (unsigned)json_number(item) == problem_status_at(i);
        if (!is_named)
            fail_msg("%u is nowhere", problem_status_at(i));
    }
}

// Every "$ref" leads to something in the document.
static void check_references(const struct json *document, const struct json *value)
{
    const char *reference = json_get_string(value, "$ref", NULL);
    if (reference && !json_at(document, reference + 1))
        fail_msg("%s leads nowhere", reference);
    for (const struct json *item = json_first(value); item; item = json_next(item))
        if (json_is(item, JSON_OBJECT) || json_is(item, JSON_ARRAY))
            check_references(document, item);
}

static void test_openapi_document__refers_to_what_is_there(void **state)
{
    (void)state;
    struct json *document OWNED(json_release) = openapi_document();
    struct buffer text OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_int_equal(json_print(&text, document, &err), STATUS_OK);
    assert_non_null(json_at(document, "/components/schemas/Problem"));
    check_references(document, document);
}

// A schema of the document, with the components that it refers to.
static struct json *schema_of(const struct json *document, const char *name)
{
    struct buffer reference OWNED(buffer_release) = { 0 };
    struct json *schema = json_new_object();
    buffer_append_format(&reference, "#/components/schemas/%s", name);
    json_set_string(schema, "$ref", buffer_text(&reference));
    json_set(schema, "components", json_copy(json_get(document, "components")));
    return schema;
}

// Each operation is there, and its own example is a valid input.
static void check_operation(const struct json *document, const struct operation *operation)
{
    char path[96];
    char name[96];
    struct json *compiled_from OWNED(json_release) = NULL;
    struct schema *schema OWNED(schema_release) = NULL;
    struct error err = { 0 };
    snprintf(path, sizeof(path), "/v1/operations/%s", operation->name);
    snprintf(name, sizeof(name), "input-%s", operation->name);
    for (char *at = path; (at = strchr(at, ' ')) != NULL;)
        *at = '-';
    for (char *at = name; (at = strchr(at, ' ')) != NULL;)
        *at = '-';
    const struct json *post = json_get(json_get(json_get(document, "paths"), path), "post");
    if (!post || json_count(json_get(post, "x-roles")) == 0)
        fail_msg("%s is not described", path);
    compiled_from = schema_of(document, name);
    if (schema_compile(&schema, compiled_from, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", name, err.message);
}

static void test_openapi_document__describes_each_operation(void **state)
{
    (void)state;
    struct json *document OWNED(json_release) = openapi_document();
    for (size_t i = 0; operation_table[i]; i++)
        if (operation_table[i]->classes)
            check_operation(document, operation_table[i]);
}

static void check_examples(const struct json *document, const struct json *component)
{
    struct json *compiled_from OWNED(json_release) = schema_of(document, json_key(component));
    struct schema *schema OWNED(schema_release) = NULL;
    struct error err = { 0 };
    if (schema_compile(&schema, compiled_from, NULL, &err) != STATUS_OK)
        fail_msg("%s: %s", json_key(component), err.message);
    const struct json *examples = json_get(component, "examples");
    for (const struct json *example = json_first(examples); example; example = json_next(example))
        if (schema_validate(schema, "", example, NULL, NULL, &err) != STATUS_OK)
            fail_msg("%s: its example is not valid", json_key(component));
}

static void test_openapi_document__gives_examples_that_are_what_they_are_of(void **state)
{
    (void)state;
    struct json *document OWNED(json_release) = openapi_document();
    const struct json *schemas = json_at(document, "/components/schemas");
    for (const struct json *schema = json_first(schemas); schema; schema = json_next(schema)) {
        bool is_result = strncmp(json_key(schema), "result-", strlen("result-")) == 0;
        bool is_whole = strcmp(json_key(schema), "Manifest") == 0 || is_result; // in "done-…"
        if (!is_whole && strcmp(json_key(schema), "Policy") != 0 &&
            json_count(json_get(schema, "examples")) == 0)
            fail_msg("%s has no example", json_key(schema));
        check_examples(document, schema);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openapi_document__has_words_for_each_route),
        cmocka_unit_test(test_openapi_document__has_a_result_for_each_operation),
        cmocka_unit_test(test_openapi_document__names_every_status_that_a_problem_has),
        cmocka_unit_test(test_openapi_document__gives_examples_that_are_what_they_are_of),
        cmocka_unit_test(test_openapi_document__refers_to_what_is_there),
        cmocka_unit_test(test_openapi_document__describes_each_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
