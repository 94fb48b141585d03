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
#include "openapi.h"
#include "operation/operation.h"
#include "problem.h"

static void test_openapi_document__has_words_for_each_route(void **state)
{
    (void)state;
    for (size_t i = 1; route_at(i); i++)
        if (!openapi_summary(route_at(i)->pattern))
            fail_msg("%s is not described", route_at(i)->pattern);
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
    const struct json *schemas = json_get(json_get(document, "components"), "schemas");
    const struct json *example = json_first(json_get(json_get(schemas, name), "examples"));
    if (schema_validate(schema, "", example, NULL, NULL, &err) != STATUS_OK)
        fail_msg("%s: its example is not valid", name);
}

static void test_openapi_document__describes_each_operation(void **state)
{
    (void)state;
    struct json *document OWNED(json_release) = openapi_document();
    for (size_t i = 0; operation_table[i]; i++)
        if (operation_table[i]->classes)
            check_operation(document, operation_table[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openapi_document__has_words_for_each_route),
        cmocka_unit_test(test_openapi_document__refers_to_what_is_there),
        cmocka_unit_test(test_openapi_document__describes_each_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
