// Known fields: what is the same as before is taken as read, and nothing else is.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "known_fields.h"

#define FIELDS "Host: x\r\nAuthorization: Bearer k\r\nIf-None-Match: \"a\"\r\n\r\n"

// Reads a head as a connection does that has not seen its fields before.
static enum status read_fresh(struct known_fields *known, struct request *request, const char *text,
                              struct error *err)
{
    struct head head;
    TRY(known_fields_parse(known, &head, text, strlen(text), err));
    TRY(request_read(request, &head, NULL, err));
    known_fields_keep(known, &request->fields);
    return STATUS_OK;
}

static bool matches(const struct known_fields *known, const char *text, size_t length)
{
    struct head head;
    size_t head_bytes;
    return known_fields_match(known, text, length, &head, &head_bytes);
}

static void test_known_fields__reads_the_same_fields_with_another_target(void **state)
{
    (void)state;
    static const char next[] = "HEAD /v1/other?call=1 HTTP/1.1\r\n" FIELDS "GET /";
    struct known_fields known = { 0 };
    struct request request;
    struct request fresh;
    struct head head;
    struct error err;
    size_t head_bytes;
    assert_int_equal(read_fresh(&known, &request, "GET /v1/live HTTP/1.1\r\n" FIELDS, &err),
                     STATUS_OK);
    assert_true(known_fields_match(&known, next, strlen(next), &head, &head_bytes));
    assert_int_equal(head_bytes, strlen(next) - strlen("GET /"));
    assert_int_equal(head.field_count, 0);
    assert_int_equal(request_read(&request, &head, &known.fields, &err), STATUS_OK);
    assert_int_equal(request.method, METHOD_HEAD);
    assert_string_equal(request.target.path, "/v1/other");
    assert_memory_equal(request.query.bytes, "call=1", request.query.length);

    assert_int_equal(head_parse(&head, next, head_bytes, &err), STATUS_OK);
    assert_int_equal(request_read(&fresh, &head, NULL, &err), STATUS_OK);
    assert_int_equal(fresh.fields.authorization.length, request.fields.authorization.length);
    assert_memory_equal(request.fields.authorization.bytes, "Bearer k", 8);
    assert_memory_equal(request.fields.host.bytes, "x", 1);
    assert_int_equal(request.fields.condition_count, 1);
    assert_true(request_has_current(&request, "\"a\"", 3));
}

static void test_known_fields__takes_no_other_byte_for_the_same(void **state)
{
    (void)state;
    static const char text[] = "GET /v1/live HTTP/1.1\r\n" FIELDS;
    size_t length = strlen(text);
    struct known_fields known = { 0 };
    struct request request;
    struct error err;
    assert_false(matches(&known, text, length));
    assert_int_equal(read_fresh(&known, &request, text, &err), STATUS_OK);
    assert_true(matches(&known, text, length));
    for (size_t i = strlen("GET /v1/live HTTP/1.1"); i < length; i++) {
        char other[sizeof(text)];
        memcpy(other, text, sizeof(text));
        other[i] ^= 0x20;
        assert_false(matches(&known, other, length));
    }
    for (size_t less = 0; less < length; less++)
        assert_false(matches(&known, text, less));
}

static void
test_known_fields__leaves_a_request_line_that_is_not_sound_to_the_whole_reading(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "GET /v1/live HTTP/1.0\r\n",
        "GET /v1/live HTTP/1.1\n",
        "GET  /v1/live HTTP/1.1\r\n",
        "GET /v1/live HTTP/2.0\r\n",
        "GET /v1/live\r\n",
        "\r\n",
        "\n",
        " GET / HTTP/1.1\r\n",
        "GET /\x01 HTTP/1.1\r\n",
        "\r\nGET / HTTP/1.1\r\n",
    };
    struct known_fields known = { 0 };
    struct request request;
    struct error err;
    assert_int_equal(read_fresh(&known, &request, "GET / HTTP/1.1\r\n" FIELDS, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char text[256] = { 0 };
        memcpy(text, lines[i], strlen(lines[i]));
        memcpy(text + strlen(lines[i]), FIELDS, sizeof(FIELDS));
        assert_false(matches(&known, text, strlen(text)));
    }
}

static void test_known_fields__keeps_only_what_may_come_again(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "GET / HTTP/1.0\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    };
    struct known_fields known = { 0 };
    struct request request;
    struct error err;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        assert_int_equal(read_fresh(&known, &request, heads[i], &err), STATUS_OK);
        assert_false(matches(&known, heads[i], strlen(heads[i])));
    }
    // One that is not sound takes away what was known before.
    assert_int_equal(read_fresh(&known, &request, "GET / HTTP/1.1\r\n" FIELDS, &err), STATUS_OK);
    assert_int_equal(read_fresh(&known, &request, "GET / HTTP/1.1\r\nX: y\r\n\r\n", &err),
                     STATUS_INVALID);
    assert_false(matches(&known, "GET / HTTP/1.1\r\nX: y\r\n\r\n", 24));
    assert_false(matches(&known, "GET / HTTP/1.1\r\n" FIELDS, strlen("GET / HTTP/1.1\r\n" FIELDS)));
}

static void test_known_fields__reads_but_does_not_keep_what_is_too_long(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 2; extra++) {
        char text[KNOWN_FIELDS_MAX_BYTES + 64] = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
        size_t line_bytes = strlen("GET / HTTP/1.1\r\n");
        size_t length = line_bytes + KNOWN_FIELDS_MAX_BYTES + extra;
        memset(text + strlen(text), 'y', length - strlen(text) - 4);
        memcpy(text + length - 4, "\r\n\r\n", 4);
        struct known_fields known = { 0 };
        struct request request;
        struct error err;
        assert_int_equal(read_fresh(&known, &request, text, &err), STATUS_OK);
        assert_int_equal(matches(&known, text, length), extra == 0);
        known_fields_forget(&known);
        assert_false(matches(&known, text, length));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_fields__reads_the_same_fields_with_another_target),
        cmocka_unit_test(test_known_fields__takes_no_other_byte_for_the_same),
        cmocka_unit_test(
            test_known_fields__leaves_a_request_line_that_is_not_sound_to_the_whole_reading),
        cmocka_unit_test(test_known_fields__keeps_only_what_may_come_again),
        cmocka_unit_test(test_known_fields__reads_but_does_not_keep_what_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
