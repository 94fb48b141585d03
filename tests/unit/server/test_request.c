// Requests: one Host, one length, one key, one meaning.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "head.h"
#include "request.h"

static enum status read_text(struct request *request, const char *text, struct error *err)
{
    struct head head;
    TRY(head_parse(&head, text, strlen(text), err));
    return request_read(request, &head, err);
}

static void test_request__takes_what_it_needs_from_sound_fields(void **state)
{
    (void)state;
    struct request request;
    struct error err;
    assert_int_equal(read_text(&request,
                               "GET /v1/live?q=a%20b&c HTTP/1.1\r\nhost: x\r\n"
                               "AUTHORIZATION: Bearer k \t\r\nIf-None-Match: \"a\"\r\n"
                               "if-none-match:\"b\"\r\nContent-Length: 0\r\n\r\n",
                               &err),
                     STATUS_OK);
    assert_int_equal(request.method, METHOD_GET);
    assert_string_equal(request.target.path, "/v1/live");
    assert_int_equal(request.query.length, 9);
    assert_memory_equal(request.query.bytes, "q=a%20b&c", 9);
    assert_int_equal(request.fields.authorization.length, 8);
    assert_memory_equal(request.fields.authorization.bytes, "Bearer k", 8);
    assert_int_equal(request.fields.condition_count, 2);
    assert_false(request.fields.has_content);
    assert_false(request.fields.is_last);
    assert_true(request_has_current(&request, "\"a\"", 3));
    assert_true(request_has_current(&request, "\"b\"", 3));
    assert_false(request_has_current(&request, "\"c\"", 3));
}

static void test_request__forgets_the_request_before(void **state)
{
    (void)state;
    struct request request;
    struct error err;
    assert_int_equal(read_text(&request,
                               "POST /?q HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer k\r\n"
                               "If-None-Match: *\r\nContent-Length: 5\r\n"
                               "Expect: 100-Continue\r\n\r\n",
                               &err),
                     STATUS_OK);
    assert_true(request.fields.has_content && request.fields.expects_continue &&
                request.fields.is_last);
    assert_int_equal(request.fields.content_bytes, 5);
    assert_int_equal(read_text(&request, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", &err), STATUS_OK);
    assert_false(request.fields.has_content || request.fields.expects_continue ||
                 request.fields.is_last);
    assert_int_equal(request.fields.content_bytes + request.query.length +
                         request.fields.authorization.length + request.fields.condition_count,
                     0);
}

static void test_request__says_how_its_content_comes(void **state)
{
    (void)state;
    struct request request;
    struct error err;
    assert_int_equal(
        read_text(&request, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 007\r\n\r\n", &err),
        STATUS_OK);
    assert_true(request.fields.has_content);
    assert_false(request.fields.is_chunked);
    assert_int_equal(request.fields.content_bytes, 7);
    assert_int_equal(read_text(&request,
                               "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n",
                               &err),
                     STATUS_OK);
    assert_true(request.fields.has_content && request.fields.is_chunked);
}

static void test_request__ends_the_connection_when_asked_to(void **state)
{
    (void)state;
    static const char *const last[] = {
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: a, Close ,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    };
    struct request request;
    struct error err;
    for (size_t i = 0; i < COUNT_OF(last); i++) {
        assert_int_equal(read_text(&request, last[i], &err), STATUS_OK);
        assert_true(request.fields.is_last);
    }
    assert_int_equal(read_text(&request,
                               "GET / HTTP/1.1\r\nHost: x\r\nConnection: closed, xclose\r\n\r\n",
                               &err),
                     STATUS_OK);
    assert_false(request.fields.is_last);
}

static void test_request__refuses_what_does_not_fit_together(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *version;
        const char *fields;
    } cases[] = {
        { "host_invalid", "1.1", "Accept: */*\r\n" },
        { "host_invalid", "1.1", "Host: x\r\nHost: x\r\n" },
        { "host_invalid", "1.0", "Host: x\r\nHost: y\r\n" },
        { "field_invalid", "1.1", "Host:\r\n" },
        { "field_invalid", "1.1", "Host: x/y\r\n" },
        { "field_invalid", "1.1", "Host: me@x\r\n" },
        { "field_invalid", "1.1", "Host: x y\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: +1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: -1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: 0x1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: 1, 1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: 1 1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length:\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nContent-Length: 1234567890123456789\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nTransfer-Encoding: gzip\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nTransfer-Encoding: chunked, chunked\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nTransfer-Encoding: chunked;q=1\r\n" },
        { "field_invalid", "1.1", "Host: x\r\nTransfer-Encoding: \"chunked\"\r\n" },
        { "framing_invalid", "1.1", "Host: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n" },
        { "framing_invalid", "1.1", "Host: x\r\nContent-Length: 0\r\nContent-Length: 0\r\n" },
        { "framing_invalid", "1.1",
          "Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n" },
        { "framing_invalid", "1.1",
          "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" },
        { "framing_invalid", "1.0", "Host: x\r\nTransfer-Encoding: chunked\r\n" },
        { "authorization_invalid", "1.1", "Host: x\r\nAuthorization: a\r\nAuthorization: a\r\n" },
        { "expectation_failed", "1.1", "Host: x\r\nExpect: more\r\n" },
        { "expectation_failed", "1.1", "Host: x\r\nExpect: 100-continue, more\r\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct request request;
        struct error err;
        buffer_append_format(&text, "GET / HTTP/%s\r\n%s\r\n", cases[i].version, cases[i].fields);
        assert_int_equal(read_text(&request, buffer_text(&text), &err), STATUS_INVALID);
        assert_string_equal(err.code, cases[i].code);
    }
}

static void test_request__refuses_methods_nobody_knows(void **state)
{
    (void)state;
    struct request request;
    struct error err;
    assert_int_equal(read_text(&request, "get / HTTP/1.1\r\nHost: x\r\n\r\n", &err),
                     STATUS_INVALID);
    assert_string_equal(err.code, "method_unknown");
}

static void test_request__keeps_a_few_conditions_and_no_more(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct request request;
    struct error err;
    buffer_append_text(&text, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 3 * REQUEST_MAX_CONDITIONS; i++)
        buffer_append_text(&text, "If-None-Match: \"a\"\r\n");
    buffer_append_text(&text, "\r\n");
    assert_int_equal(read_text(&request, buffer_text(&text), &err), STATUS_OK);
    assert_int_equal(request.fields.condition_count, REQUEST_MAX_CONDITIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request__takes_what_it_needs_from_sound_fields),
        cmocka_unit_test(test_request__forgets_the_request_before),
        cmocka_unit_test(test_request__says_how_its_content_comes),
        cmocka_unit_test(test_request__ends_the_connection_when_asked_to),
        cmocka_unit_test(test_request__refuses_what_does_not_fit_together),
        cmocka_unit_test(test_request__refuses_methods_nobody_knows),
        cmocka_unit_test(test_request__keeps_a_few_conditions_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
