// What a caller gets when the answer is no.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "problem.h"
#include "response.h"

static struct json *print(const struct error *error)
{
    struct buffer body OWNED(buffer_release) = { 0 };
    struct json *document = NULL;
    struct error err;
    assert_int_equal(problem_print(&body, error, "0123", &err), STATUS_OK);
    assert_int_equal(json_parse(&document, body.bytes, body.length, &err), STATUS_OK);
    return document;
}

static void test_problem__says_what_and_how_to_mend_it(void **state)
{
    (void)state;
    struct error error;
    error_set(&error, STATUS_INVALID, "target_invalid", "a \"bad\"\nthing");
    error_hint(&error, "mend it");
    struct json *body OWNED(json_release) = print(&error);
    assert_string_equal(json_get_string(body, "type", ""), "about:blank");
    assert_string_equal(json_get_string(body, "title", ""), "Bad Request");
    assert_int_equal(json_get_integer(body, "status", 0), 400);
    assert_string_equal(json_get_string(body, "detail", ""), "a \"bad\"\nthing");
    assert_string_equal(json_get_string(body, "hint", ""), "mend it");
    assert_string_equal(json_get_string(body, "error_code", ""), "target_invalid");
    assert_string_equal(json_get_string(body, "request_id", ""), "0123");
}

static void test_problem__tells_a_caller_nothing_of_faults_inside(void **state)
{
    (void)state;
    static const enum status inside[] = { STATUS_DAMAGED, STATUS_IO, STATUS_NO_MEMORY };
    for (size_t i = 0; i < COUNT_OF(inside); i++) {
        struct error error;
        error_set(&error, inside[i], "x", "/secret/path");
        error_hint(&error, "look at /secret/path");
        struct json *body OWNED(json_release) = print(&error);
        assert_string_equal(json_get_string(body, "detail", ""), "the server could not answer");
        assert_null(json_get(body, "hint"));
        assert_true(json_get_integer(body, "status", 0) >= 500);
    }
}

static void test_problem__has_an_http_status_for_each_error(void **state)
{
    (void)state;
    static const struct {
        enum status status;
        const char *code;
        unsigned http_status;
    } cases[] = {
        { STATUS_INVALID, "any", 400 },
        { STATUS_INVALID, "method_not_allowed", 405 },
        { STATUS_INVALID, "version_not_supported", 505 },
        { STATUS_INVALID, "media_type_unsupported", 415 },
        { STATUS_INVALID, "signature_needed", 428 },
        { STATUS_UNAUTHENTICATED, "any", 401 },
        { STATUS_FORBIDDEN, "any", 403 },
        { STATUS_NOT_FOUND, "any", 404 },
        { STATUS_CONFLICT, "any", 409 },
        { STATUS_CONFLICT, "busy", 503 },
        { STATUS_TOO_LARGE, "any", 413 },
        { STATUS_TOO_LARGE, "target_too_long", 414 },
        { STATUS_REFUSED, "any", 422 },
        { STATUS_NO_MEMORY, "any", 503 },
        { STATUS_IO, "any", 500 },
        { STATUS_DAMAGED, "any", 500 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t line_bytes;
        struct error error = { .status = cases[i].status, .code = cases[i].code };
        assert_int_equal(problem_http_status(&error), cases[i].http_status);
        assert_non_null(response_status_line(cases[i].http_status, &line_bytes));
    }
}

static void test_problem__makes_ids_that_differ(void **state)
{
    (void)state;
    char a[PROBLEM_REQUEST_ID_BYTES];
    char b[PROBLEM_REQUEST_ID_BYTES];
    struct error err;
    assert_int_equal(problem_make_request_id(a, &err), STATUS_OK);
    assert_int_equal(problem_make_request_id(b, &err), STATUS_OK);
    assert_int_equal(strlen(a), 32);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problem__says_what_and_how_to_mend_it),
        cmocka_unit_test(test_problem__tells_a_caller_nothing_of_faults_inside),
        cmocka_unit_test(test_problem__has_an_http_status_for_each_error),
        cmocka_unit_test(test_problem__makes_ids_that_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
