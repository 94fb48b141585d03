// The line that a finding is about.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "operation/operation_source.h"

static const char *source_of(struct json *finding, int64_t line, const char *text)
{
    json_set_integer(finding, "line", line);
    operation_source_set(finding, text, strlen(text));
    return json_get_string(finding, "source", NULL);
}

static void test_operation_source__is_the_line_that_is_named(void **state)
{
    (void)state;
    static const struct {
        int64_t line;
        const char *text;
        const char *source;
    } rows[] = {
        { 1, "one\ntwo\n", "one" },
        { 2, "one\ntwo\n", "two" },
        { 2, "one\ntwo", "two" },
        { 3, "one\ntwo\n", "" },
        { 1, "", "" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json *finding OWNED(json_release) = json_new_object();
        assert_string_equal(source_of(finding, rows[i].line, rows[i].text), rows[i].source);
    }
}

static void test_operation_source__is_left_out_where_there_is_no_such_line(void **state)
{
    (void)state;
    static const int64_t lines[] = { 0, -1, 4, 1000000 };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct json *finding OWNED(json_release) = json_new_object();
        assert_null(source_of(finding, lines[i], "one\ntwo\n"));
    }
}

static void test_operation_source__is_left_out_where_a_caret_could_not_stand_below(void **state)
{
    (void)state;
    char text[202];
    struct json *shown OWNED(json_release) = json_new_object();
    struct json *left_out OWNED(json_release) = json_new_object();
    memset(text, 'x', sizeof(text));
    text[200] = '\0';
    assert_int_equal(strlen(source_of(shown, 1, text)), 200);
    text[200] = 'x';
    text[201] = '\0';
    assert_null(source_of(left_out, 1, text));
}

static void test_operation_source__looks_into_the_file_that_is_named(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct json *list OWNED(json_release) = json_new_array();
    struct json *here = json_append_object(list);
    struct json *gone = json_append_object(list);
    assert_int_equal(content_add_bytes(&content, "a.md", "first\nsecond", 12, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    json_set_string(here, "file", "a.md");
    json_set_integer(here, "line", 2);
    json_set_string(gone, "file", "b.md");
    json_set_integer(gone, "line", 1);
    operation_source_set_all(list, &content);
    assert_string_equal(json_get_string(here, "source", ""), "second");
    assert_null(json_get(gone, "source"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operation_source__is_the_line_that_is_named),
        cmocka_unit_test(test_operation_source__is_left_out_where_there_is_no_such_line),
        cmocka_unit_test(test_operation_source__is_left_out_where_a_caret_could_not_stand_below),
        cmocka_unit_test(test_operation_source__looks_into_the_file_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
