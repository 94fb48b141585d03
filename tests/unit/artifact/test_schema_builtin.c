// Schemas that are built in: sound by their metaschemas, which no process checks again, and
// compiled in part.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/buffer.h"
#include "base/embedded.h"
#include "base/memory.h"

static struct json *parse(const char *text)
{
    struct json *value = NULL;
    struct error err = { 0 };
    if (json_parse(&value, text, strlen(text), &err) != STATUS_OK)
        fail_msg("%s", err.message);
    return value;
}

static void test_schema_compile__takes_every_schema_that_is_built_in(void **state)
{
    size_t count = 0;
    (void)state;
    for (const struct embedded_file *file = embedded_files; file->name; file++) {
        struct error err = { 0 };
        struct json *document OWNED(json_release) = NULL;
        struct schema *schema OWNED(schema_release) = NULL;
        if (!strstr(file->name, ".schema.json"))
            continue;
        document = parse(file->bytes);
        if (schema_compile(&schema, document, NULL, &err) != STATUS_OK)
            fail_msg("%s: %s", file->name, err.message);
        count++;
    }
    assert_true(count >= 2);
}

static void note(void *context, const struct schema_failure *failure)
{
    buffer_append_format(context, "%s %s %s\n", failure->instance_pointer, failure->keyword_pointer,
                         failure->message);
}

// What a schema says of an instance: its status, and every failure.
static void judge(struct buffer *out, const struct schema *schema, const char *pointer,
                  const struct json *instance)
{
    struct error err = { 0 };
    enum status status = schema_validate(schema, pointer, instance, note, out, &err);
    buffer_append_format(out, "%d", status);
}

#define NO_DAYS "\"readiness\":{\"schedule\":{\"windows\":[{\"days\":[]}]}}"

static void test_schema_compile_builtin__says_what_the_whole_schema_says(void **state)
{
    static const char *const pointers[] = { "/$defs/prompt", "/$defs/tool", "/$defs/knowledge" };
    static const char *const instances[] = {
        "{\"kind\":\"prompt\",\"name\":\"a\",\"sections\":[{\"name\":\"a\",\"file\":\"a.md\"}]}",
        "{\"kind\":\"tool\",\"name\":\"a/B\",\"description\":7,\"input_schema\":{\"type\":1}}",
        "{\"kind\":\"knowledge\",\"name\":\"a\",\"title\":\"\",\"uses\":[\"tool/x\",\"tool/x\",3]}",
        "{\"kind\":\"prompt\",\"more\":1," NO_DAYS "}",
        "[]",
    };
    const struct embedded_file *file = embedded_find("artifact.schema.json");
    struct error err = { 0 };
    struct json *document OWNED(json_release) = parse(file->bytes);
    struct schema *whole OWNED(schema_release) = NULL;
    (void)state;
    assert_int_equal(schema_compile(&whole, document, NULL, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(pointers); i++) {
        struct schema *part OWNED(schema_release) = NULL;
        assert_int_equal(schema_compile_builtin(&part, document, pointers[i], &err), STATUS_OK);
        for (size_t j = 0; j < COUNT_OF(instances); j++) {
            struct json *instance OWNED(json_release) = parse(instances[j]);
            struct buffer wanted OWNED(buffer_release) = { 0 };
            struct buffer found OWNED(buffer_release) = { 0 };
            judge(&wanted, whole, pointers[i], instance);
            judge(&found, part, pointers[i], instance);
            assert_string_equal(buffer_text(&found), buffer_text(&wanted));
        }
    }
}

static void test_schema_compile_builtin__refuses_a_place_that_is_not_there(void **state)
{
    struct error err = { 0 };
    struct json *document OWNED(json_release) = parse("{\"$defs\":{\"a\":{}}}");
    struct schema *schema OWNED(schema_release) = NULL;
    (void)state;
    assert_int_equal(schema_compile_builtin(&schema, document, "/$defs/b", &err), STATUS_INVALID);
    assert_null(schema);
}

static void test_schema_fault_place__takes_the_place_off_the_message(void **state)
{
    static const struct {
        const char *message;
        const char *place;
        const char *rest;
    } cases[] = {
        { "at '/a/b': expected a number", "/a/b", "expected a number" },
        { "at the top: expected an object", "", "at the top: expected an object" },
        { "https://example.com/x: at '/a': no", "", "https://example.com/x: at '/a': no" },
        { "at '/a", "", "at '/a" },
        { "", "", "" },
    };
    char place[SCHEMA_FAULT_POINTER_BYTES];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(schema_fault_place(place, cases[i].message), cases[i].rest);
        assert_string_equal(place, cases[i].place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_compile__takes_every_schema_that_is_built_in),
        cmocka_unit_test(test_schema_compile_builtin__says_what_the_whole_schema_says),
        cmocka_unit_test(test_schema_compile_builtin__refuses_a_place_that_is_not_there),
        cmocka_unit_test(test_schema_fault_place__takes_the_place_off_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
