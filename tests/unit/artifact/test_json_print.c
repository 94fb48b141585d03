// Unit tests of JSON building and printing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"

typedef enum status (*print_function)(struct buffer *, const struct json *, struct error *);

static void assert_prints(print_function print, const char *text, const char *expected)
{
    struct error err = { 0 };
    struct json *value OWNED(json_release) = NULL;
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(json_parse(&value, text, strlen(text), &err), STATUS_OK);
    if (print(&out, value, &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(buffer_text(&out), expected);
}

static void assert_built(const struct json *value, const char *expected)
{
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(json_print(&out, value, &err), STATUS_OK);
    assert_string_equal(buffer_text(&out), expected);
}

static void test_json_print__keeps_numbers_as_they_were_written(void **state)
{
    (void)state;
    assert_prints(json_print, "[1, 1.0, 1.10, -0, 1e2, 1E400, 12345678901234567890, 0.1, 5e-324]",
                  "[1,1.0,1.10,-0,1e2,1E400,12345678901234567890,0.1,5e-324]");
}

static void test_json_print__escapes_what_must_be(void **state)
{
    (void)state;
    assert_prints(json_print,
                  "\"\\u0022\\u005c\\/\\b\\f\\n\\r\\t\\u0001\\u001F\\u007f\\u0000\\u00e9\\u2028\"",
                  "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\xe2\x80\xa8\"");
    assert_prints(json_print, "{\"\\n\\\"\":1}", "{\"\\n\\\"\":1}");
}

static void test_json_print__indents_for_people(void **state)
{
    (void)state;
    assert_prints(json_print_pretty, "{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[],\"e\":[true]}",
                  "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n"
                  "  \"d\": [],\n  \"e\": [\n    true\n  ]\n}\n");
    assert_prints(json_print_pretty, "1", "1\n");
}

static void test_json_print__has_one_canonical_form(void **state)
{
    (void)state;
    assert_prints(json_print_canonical, "{ \"b\" : 1.0, \"a\" : [ 1e2, -0, -5.0e0 ],\"\":null }",
                  "{\"\":null,\"a\":[100,0,-5],\"b\":1}");
    assert_prints(json_print_canonical,
                  "{\"a\":1,\"a\\u0001\":2,\"a\\u0000\":3,\"\xc3\xa9\":4,\"Z\":5,\"aa\":6}",
                  "{\"Z\":5,\"a\":1,\"a\\u0000\":3,\"a\\u0001\":2,\"aa\":6,\"\xc3\xa9\":4}");
    assert_prints(json_print_canonical, "9007199254740992", "9007199254740992");
}

static void test_json_print__refuses_what_has_no_canonical_form(void **state)
{
    (void)state;
    static const char *const texts[] = { "1.5",           "[9007199254740993.0]",
                                         "1e16",          "{\"a\":1e400}",
                                         "0.00000000001", "1.000000000000000000000000000001" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct json *value OWNED(json_release) = NULL;
        struct buffer out OWNED(buffer_release) = { 0 };
        buffer_append_text(&out, "kept");
        assert_int_equal(json_parse(&value, texts[i], strlen(texts[i]), &err), STATUS_OK);
        assert_int_equal(json_print_canonical(&out, value, &err), STATUS_INVALID);
        assert_string_equal(buffer_text(&out), "kept");
    }
}

static void test_json_print__builds_documents(void **state)
{
    (void)state;
    struct json *root OWNED(json_release) = json_new_object();
    json_set_string(root, "s", "a\"b");
    json_set_string(root, "none", NULL);
    json_set_integer(root, "i", INT64_MIN);
    json_set_integer(root, "j", 7);
    json_set_bool(root, "t", true);
    json_set_null(root, "n");
    json_set_raw(root, "r", "{ \"kept\" : 1.0 }");
    json_set(root, "d", json_new_number(0.1));
    json_set(root, "x", json_new_number(NAN));
    struct json *list = json_set_array(root, "l");
    json_append_string(list, "one");
    json_set_integer(json_append_object(list), "two", 2);
    json_append(list, json_new_array());
    json_set_bool(json_set_object(root, "o"), "f", false);
    assert_built(root, "{\"s\":\"a\\\"b\",\"none\":null,\"i\":-9223372036854775808,\"j\":7,"
                       "\"t\":true,\"n\":null,\"r\":{ \"kept\" : 1.0 },\"d\":0.1,\"x\":null,"
                       "\"l\":[\"one\",{\"two\":2},[]],\"o\":{\"f\":false}}");
    assert_true(json_get_integer(root, "i", 0) == INT64_MIN);
}

static void test_json_print__replaces_a_member_in_its_place(void **state)
{
    (void)state;
    struct json *root OWNED(json_release) = json_new_object();
    json_set_integer(root, "a", 1);
    json_set_integer(root, "a", 2);
    assert_built(root, "{\"a\":2}");
    json_set_integer(root, "b", 3);
    json_set_string(root, "b", "last");
    json_set_integer(root, "c", 4);
    json_set_integer(root, "a", 5);
    assert_built(root, "{\"a\":5,\"b\":\"last\",\"c\":4}");
}

static void test_json_print__copies_a_member_as_a_value(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct json *from OWNED(json_release) = NULL;
    struct json *array OWNED(json_release) = json_new_array();
    const char *text = "{\"k\":{\"x\":[1.50,\"\\u0000\"]}}";
    assert_int_equal(json_parse(&from, text, strlen(text), &err), STATUS_OK);
    json_append(array, json_copy(json_get(from, "k")));
    assert_built(array, "[{\"x\":[1.50,\"\\u0000\"]}]");
    assert_null(json_copy(NULL));
}

static void test_json_print__replaces_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    struct json *root OWNED(json_release) = json_new_object();
    json_set_string(root, "caf\xe9", "\xff\xc3\xa9\xc0\x80\xed\xa0\x80");
    assert_built(root, "{\"caf\xef\xbf\xbd\":\"\xef\xbf\xbd\xc3\xa9\\u0000"
                       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}");
}

static void test_json_print__remembers_a_broken_container(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    struct json *root OWNED(json_release) = json_new_object();
    json_set(json_set_object(root, "inner"), "lost", NULL);
    assert_int_equal(json_print(&out, root, &err), STATUS_NO_MEMORY);
    struct json *copy OWNED(json_release) = json_copy(root);
    assert_int_equal(json_print_pretty(&out, copy, &err), STATUS_NO_MEMORY);
    struct json *array OWNED(json_release) = json_new_array();
    json_append(array, NULL);
    assert_int_equal(json_print_canonical(&out, array, &err), STATUS_NO_MEMORY);
    assert_int_equal(json_print(&out, NULL, &err), STATUS_NO_MEMORY);
    assert_int_equal(out.length, 0);
    json_set_string(NULL, "a", "b");
    json_append_string(NULL, "c");
    assert_null(json_set_object(NULL, "d"));
    assert_null(json_append_object(NULL));
}

static void test_json_print__refuses_what_could_not_be_read_again(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    struct json *value OWNED(json_release) = json_new_array();
    for (int i = 1; i < JSON_MAX_DEPTH; i++) {
        struct json *outer = json_new_array();
        json_append(outer, value);
        value = outer;
    }
    assert_int_equal(json_print(&out, value, &err), STATUS_OK);
    struct json *outer = json_new_array();
    json_append(outer, value);
    value = outer;
    assert_int_equal(json_print(&out, value, &err), STATUS_TOO_LARGE);
}

static void test_json_print__writes_doubles_that_read_back_the_same(void **state)
{
    (void)state;
    static const double numbers[] = { 0.1,
                                      1.0 / 3,
                                      1e21,
                                      5e-324,
                                      1.7976931348623157e308,
                                      -2.5,
                                      1e15,
                                      123456789012345680.0,
                                      0.3000000000000000444 };
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        struct error err = { 0 };
        struct buffer out OWNED(buffer_release) = { 0 };
        struct json *value OWNED(json_release) = json_new_number(numbers[i]);
        struct json *again OWNED(json_release) = NULL;
        assert_int_equal(json_print(&out, value, &err), STATUS_OK);
        assert_int_equal(json_parse(&again, out.bytes, out.length, &err), STATUS_OK);
        assert_true(json_number(again) == numbers[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_print__keeps_numbers_as_they_were_written),
        cmocka_unit_test(test_json_print__escapes_what_must_be),
        cmocka_unit_test(test_json_print__indents_for_people),
        cmocka_unit_test(test_json_print__has_one_canonical_form),
        cmocka_unit_test(test_json_print__refuses_what_has_no_canonical_form),
        cmocka_unit_test(test_json_print__builds_documents),
        cmocka_unit_test(test_json_print__replaces_a_member_in_its_place),
        cmocka_unit_test(test_json_print__copies_a_member_as_a_value),
        cmocka_unit_test(test_json_print__replaces_bytes_that_are_not_utf8),
        cmocka_unit_test(test_json_print__remembers_a_broken_container),
        cmocka_unit_test(test_json_print__refuses_what_could_not_be_read_again),
        cmocka_unit_test(test_json_print__writes_doubles_that_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
