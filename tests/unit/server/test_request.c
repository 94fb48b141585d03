// Header fields: one Host, one length, one key.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "request.h"

#define MAX_FIELDS 6

struct field {
    const char *name;
    const char *value;
};

static enum status judge(struct request *request, const char *version, const struct field *fields,
                         struct error *err)
{
    *request = (struct request) { 0 };
    struct request_fields taken = { .request = request };
    for (size_t i = 0; i < MAX_FIELDS && fields[i].name; i++)
        request_take_field(&taken, fields[i].name, strlen(fields[i].name), fields[i].value,
                           strlen(fields[i].value));
    return request_judge_fields(&taken, version, err);
}

static void test_request__takes_what_it_needs_from_sound_fields(void **state)
{
    (void)state;
    static const struct field fields[MAX_FIELDS] = { { "host", "x" },
                                                     { "AUTHORIZATION", "Bearer k \t" },
                                                     { "If-None-Match", "\"a\"" },
                                                     { "if-none-match", "\"b\"" },
                                                     { "Content-Length", "0" } };
    struct request request;
    struct error err;
    assert_int_equal(judge(&request, "HTTP/1.1", fields, &err), STATUS_OK);
    assert_int_equal(request.authorization_bytes, 8);
    assert_memory_equal(request.authorization, "Bearer k", 8);
    assert_int_equal(request.condition_count, 2);
    assert_false(request.has_content);
    assert_true(request_has_current(&request, "\"a\""));
    assert_true(request_has_current(&request, "\"b\""));
    assert_false(request_has_current(&request, "\"c\""));
}

static void test_request__says_whether_content_follows(void **state)
{
    (void)state;
    static const struct field with[][MAX_FIELDS] = {
        { { "Host", "x" }, { "Content-Length", "1" } },
        { { "Host", "x" }, { "Transfer-Encoding", "Chunked" } },
    };
    for (size_t i = 0; i < COUNT_OF(with); i++) {
        struct request request;
        struct error err;
        assert_int_equal(judge(&request, "HTTP/1.1", with[i], &err), STATUS_OK);
        assert_true(request.has_content);
    }
}

static void test_request__refuses_unsound_fields(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        const char *code;
        struct field fields[MAX_FIELDS];
    } cases[] = {
        { "HTTP/1.1", "host_invalid", { { "Accept", "*/*" } } },
        { "HTTP/1.1", "host_invalid", { { "Host", "x" }, { "Host", "x" } } },
        { "HTTP/1.0", "host_invalid", { { "Host", "x" }, { "Host", "y" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "Content-Length ", "1" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "", "1" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "Content-Length", "+1" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "Content-Length", "1, 1" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "Content-Length", "" } } },
        { "HTTP/1.1", "field_invalid", { { "Host", "x" }, { "Transfer-Encoding", "gzip" } } },
        { "HTTP/1.1",
          "framing_invalid",
          { { "Host", "x" }, { "Content-Length", "1" }, { "Content-Length", "1" } } },
        { "HTTP/1.1",
          "framing_invalid",
          { { "Host", "x" }, { "Content-Length", "1" }, { "Transfer-Encoding", "chunked" } } },
        { "HTTP/1.1",
          "framing_invalid",
          { { "Host", "x" }, { "Transfer-Encoding", "chunked" }, { "Transfer-Encoding", "x" } } },
        { "HTTP/1.1",
          "authorization_invalid",
          { { "Host", "x" }, { "Authorization", "a" }, { "Authorization", "b" } } },
        { "HTTP/1.2", "version_not_supported", { { "Host", "x" } } },
        { "HTTP/2.0", "version_not_supported", { { "Host", "x" } } },
        { "", "version_not_supported", { { "Host", "x" } } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct request request;
        struct error err;
        assert_int_equal(judge(&request, cases[i].version, cases[i].fields, &err), STATUS_INVALID);
        assert_string_equal(err.code, cases[i].code);
    }
}

static void test_request__needs_no_host_from_http_1_0(void **state)
{
    (void)state;
    static const struct field fields[MAX_FIELDS] = { { "Accept", "*/*" } };
    struct request request;
    struct error err;
    assert_int_equal(judge(&request, "HTTP/1.0", fields, &err), STATUS_OK);
}

static void test_request__keeps_a_few_conditions_and_no_more(void **state)
{
    (void)state;
    struct request request = { 0 };
    struct request_fields taken = { .request = &request };
    for (int i = 0; i < 3 * REQUEST_MAX_CONDITIONS; i++)
        request_take_field(&taken, "If-None-Match", 13, "\"a\"", 3);
    assert_int_equal(request.condition_count, REQUEST_MAX_CONDITIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request__takes_what_it_needs_from_sound_fields),
        cmocka_unit_test(test_request__says_whether_content_follows),
        cmocka_unit_test(test_request__refuses_unsound_fields),
        cmocka_unit_test(test_request__needs_no_host_from_http_1_0),
        cmocka_unit_test(test_request__keeps_a_few_conditions_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
