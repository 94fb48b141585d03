// Unit tests of URI references: the examples of RFC 3986, section 5.4, and what schemas add.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/schema_uri.h"
#include "base/memory.h"

static void assert_resolves(const char *base, const char *reference, const char *expected)
{
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(schema_uri_resolve(&out, base, reference, &err), STATUS_OK);
    if (strcmp(buffer_text(&out), expected) != 0)
        fail_msg("%s on %s: expected %s, got %s", reference, base, expected, buffer_text(&out));
}

static void test_schema_uri__resolves_the_examples_of_rfc_3986(void **state)
{
    (void)state;
    static const struct {
        const char *reference;
        const char *expected; // without the fragment
    } rows[] = {
        { "g:h", "g:h" },
        { "g", "http://a/b/c/g" },
        { "./g", "http://a/b/c/g" },
        { "g/", "http://a/b/c/g/" },
        { "/g", "http://a/g" },
        { "//g", "http://g" },
        { "?y", "http://a/b/c/d;p?y" },
        { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p?q" },
        { "g#s", "http://a/b/c/g" },
        { "g?y#s", "http://a/b/c/g?y" },
        { ";x", "http://a/b/c/;x" },
        { "g;x?y#s", "http://a/b/c/g;x?y" },
        { "", "http://a/b/c/d;p?q" },
        { ".", "http://a/b/c/" },
        { "./", "http://a/b/c/" },
        { "..", "http://a/b/" },
        { "../", "http://a/b/" },
        { "../g", "http://a/b/g" },
        { "../..", "http://a/" },
        { "../../g", "http://a/g" },
        { "../../../g", "http://a/g" },
        { "/./g", "http://a/g" },
        { "/../g", "http://a/g" },
        { "g.", "http://a/b/c/g." },
        { "..g", "http://a/b/c/..g" },
        { "./../g", "http://a/b/g" },
        { "./g/.", "http://a/b/c/g/" },
        { "g/./h", "http://a/b/c/g/h" },
        { "g/../h", "http://a/b/c/h" },
        { "g;x=1/../y", "http://a/b/c/y" },
        { "g?y/../x", "http://a/b/c/g?y/../x" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_resolves("http://a/b/c/d;p?q", rows[i].reference, rows[i].expected);
}

static void test_schema_uri__resolves_without_a_base_and_on_urns(void **state)
{
    (void)state;
    assert_resolves("", "item.json", "item.json");
    assert_resolves("", "#x", "");
    assert_resolves("urn:uuid:a-b", "#/x", "urn:uuid:a-b");
    assert_resolves("urn:x:y", "urn:z:w#a", "urn:z:w");
    assert_resolves("http://a", "b", "http://a/b");
    assert_resolves("file:///c:/folder/file.json", "other.json", "file:///c:/folder/other.json");
    assert_resolves("tree.json", "leaf.json", "leaf.json");
}

static void test_schema_uri__tells_absolute_from_relative(void **state)
{
    (void)state;
    assert_true(schema_uri_is_absolute("http://a"));
    assert_true(schema_uri_is_absolute("urn:x"));
    assert_false(schema_uri_is_absolute("a/b:c"));
    assert_false(schema_uri_is_absolute("1a:b"));
    assert_false(schema_uri_is_absolute(":a"));
    assert_false(schema_uri_is_absolute(""));
}

static void test_schema_uri__decodes_fragments(void **state)
{
    (void)state;
    static const struct {
        const char *reference;
        const char *fragment;
    } rows[] = {
        { "a", "" },
        { "a#", "" },
        { "#/a%25b%22", "/a%b\"" },
        { "a#%c3%A9", "\xc3\xa9" },
        { "#a%2", "a%2" },
        { "#%zz%", "%zz%" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = { 0 };
        struct buffer out OWNED(buffer_release) = { 0 };
        assert_int_equal(schema_uri_fragment(&out, rows[i].reference, &err), STATUS_OK);
        assert_string_equal(buffer_text(&out), rows[i].fragment);
    }
}

static void test_schema_uri__refuses_what_is_no_text_or_too_long(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    char text[SCHEMA_URI_MAX_BYTES + 2];
    memset(text, 'a', sizeof(text) - 1);
    text[SCHEMA_URI_MAX_BYTES + 1] = '\0';
    assert_int_equal(schema_uri_fragment(&out, "#%00", &err), STATUS_INVALID);
    assert_int_equal(schema_uri_fragment(&out, "#%c3", &err), STATUS_INVALID);
    assert_int_equal(schema_uri_resolve(&out, "", text, &err), STATUS_INVALID);
    assert_int_equal(schema_uri_resolve(&out, "http://a/", text + 1, &err), STATUS_INVALID);
    assert_int_equal(schema_uri_resolve(&out, "", text + 1, &err), STATUS_OK);
    assert_int_equal(out.length, SCHEMA_URI_MAX_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_uri__resolves_the_examples_of_rfc_3986),
        cmocka_unit_test(test_schema_uri__resolves_without_a_base_and_on_urns),
        cmocka_unit_test(test_schema_uri__tells_absolute_from_relative),
        cmocka_unit_test(test_schema_uri__decodes_fragments),
        cmocka_unit_test(test_schema_uri__refuses_what_is_no_text_or_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
