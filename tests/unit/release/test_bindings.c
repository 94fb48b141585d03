// Bindings: names and values that are taken, and those that are not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "environment_fixture.h"
#include "release/bindings.h"

static void test_bindings__names_are_one_plain_segment(void **state)
{
    static const char *const good[] = { "crm", "a", "9", "main-number" };
    static const char *const bad[] = { "", "Crm", "-crm", "crm/two", "crm.two", "a b", "\xc3\xa4" };
    struct error err = { 0 };
    char longest[65];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_int_equal(bindings_check_name(good[i], &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(bindings_check_name(bad[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "binding_invalid");
        assert_true(err.hint[0]);
    }
    memset(longest, 'a', sizeof(longest));
    longest[64] = '\0';
    assert_int_equal(bindings_check_name(longest, &err), STATUS_INVALID);
    longest[63] = '\0';
    assert_int_equal(bindings_check_name(longest, &err), STATUS_OK);
}

static void test_bindings__set_adds_and_replaces(void **state)
{
    (void)state;
    struct json *bindings OWNED(json_release) = json_new_object();
    ASSERT_OK(bindings_set(bindings, "crm", "https://crm.example.com", &err));
    ASSERT_OK(bindings_set(bindings, "crm", "https://other.example.com/\xc3\xa4", &err));
    ASSERT_OK(bindings_set(bindings, "number", "+15550100", &err));
    assert_int_equal(json_count(bindings), 2);
    assert_string_equal(json_get_string(bindings, "crm", ""), "https://other.example.com/\xc3\xa4");
}

static void test_bindings__values_are_plain_and_not_too_long(void **state)
{
    static const char *const bad[] = { "", "two\nlines", "tab\t", "\x7f", "\x01" };
    struct error err = { 0 };
    char longest[BINDINGS_MAX_VALUE_BYTES + 2];
    (void)state;
    struct json *bindings OWNED(json_release) = json_new_object();
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(bindings_set(bindings, "crm", bad[i], &err), STATUS_INVALID);
    memset(longest, 'v', sizeof(longest));
    longest[BINDINGS_MAX_VALUE_BYTES + 1] = '\0';
    assert_int_equal(bindings_set(bindings, "crm", longest, &err), STATUS_INVALID);
    assert_int_equal(json_count(bindings), 0);
    longest[BINDINGS_MAX_VALUE_BYTES] = '\0';
    assert_int_equal(bindings_set(bindings, "crm", longest, &err), STATUS_OK);
}

// Whoever has as many as there may be can still change each of them.
static void test_bindings__their_number_is_limited(void **state)
{
    struct error err = { 0 };
    char name[32];
    (void)state;
    struct json *bindings OWNED(json_release) = json_new_object();
    for (int i = 0; i < BINDINGS_MAX; i++) {
        snprintf(name, sizeof(name), "number-%d", i);
        assert_int_equal(bindings_set(bindings, name, "v", &err), STATUS_OK);
    }
    assert_int_equal(bindings_set(bindings, "one-more", "v", &err), STATUS_TOO_LARGE);
    assert_int_equal(bindings_set(bindings, "number-7", "changed", &err), STATUS_OK);
    assert_int_equal(json_count(bindings), BINDINGS_MAX);
    assert_string_equal(json_get_string(bindings, "number-7", ""), "changed");
}

static void test_bindings__new_environment_has_none(void **state)
{
    struct environment_fixture *fixture = *state;
    struct json *bindings OWNED(json_release) = NULL;
    ASSERT_OK(bindings_read(&bindings, fixture->environment, &err));
    assert_true(json_is(bindings, JSON_OBJECT));
    assert_int_equal(json_count(bindings), 0);
}

static void test_bindings__make_a_url_with_one_slash_between(void **state)
{
    static const struct {
        const char *value;
        const char *path;
        const char *url; // NULL: it is none
    } cases[] = {
        { "https://crm.example.com", "/v1/a", "https://crm.example.com/v1/a" },
        { "https://crm.example.com/", "/v1/a", "https://crm.example.com/v1/a" },
        { "https://crm.example.com/base/", NULL, "https://crm.example.com/base/" },
        { "http://127.0.0.1:9/x", "/y", "http://127.0.0.1:9/x/y" },
        { "+12025550100", "/v1/a", NULL },
        { "crm.example.com", NULL, NULL },
        { NULL, "/v1/a", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer url OWNED(buffer_release) = { 0 };
        bool is_url = bindings_append_url(&url, cases[i].value, cases[i].path);
        assert_int_equal(is_url, cases[i].url != NULL);
        assert_string_equal(buffer_text(&url), cases[i].url ? cases[i].url : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bindings__names_are_one_plain_segment),
        cmocka_unit_test(test_bindings__set_adds_and_replaces),
        cmocka_unit_test(test_bindings__values_are_plain_and_not_too_long),
        cmocka_unit_test(test_bindings__their_number_is_limited),
        IN_ENVIRONMENT(test_bindings__new_environment_has_none),
        cmocka_unit_test(test_bindings__make_a_url_with_one_slash_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
