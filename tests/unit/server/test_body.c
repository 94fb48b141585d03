// The content of a request: taken exactly, or refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "body.h"

#define MAX_BYTES 100

// In stretches of `stretch` bytes; *out_consumed is how many of them belonged to the body.
static enum status take_all(struct body *body, const char *bytes, size_t length, size_t stretch,
                            struct buffer *content, size_t *out_consumed, struct error *err)
{
    *out_consumed = 0;
    while (*out_consumed < length && body->state != BODY_DONE) {
        struct body_piece piece;
        size_t left = length - *out_consumed;
        TRY(body_take(body, bytes + *out_consumed, left < stretch ? left : stretch, &piece, err));
        assert_true(piece.consumed > 0);
        buffer_append(content, piece.content, piece.content_bytes);
        *out_consumed += piece.consumed;
    }
    return body->state == BODY_DONE ? STATUS_OK
                                    : error_set(err, STATUS_NOT_FOUND, "incomplete", "more");
}

static void test_body__ends_where_its_length_says(void **state)
{
    (void)state;
    static const char bytes[] = "helloGET";
    for (size_t stretch = 1; stretch < sizeof(bytes); stretch++) {
        struct buffer content OWNED(buffer_release) = { 0 };
        struct body body;
        struct error err;
        size_t consumed;
        body_begin_length(&body, 5);
        assert_int_equal(take_all(&body, bytes, 8, stretch, &content, &consumed, &err), STATUS_OK);
        assert_int_equal(consumed, 5);
        assert_string_equal(buffer_text(&content), "hello");
    }
    struct body none;
    body_begin_length(&none, 0);
    assert_int_equal(none.state, BODY_DONE);
}

static void test_body__is_joined_from_chunks_however_they_come(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *content;
    } cases[] = {
        { "0\r\n\r\n", "" },
        { "5\r\nhello\r\n0\r\n\r\n", "hello" },
        { "05\r\nhello\r\n6\r\n world\r\n000\r\n\r\n", "hello world" },
        { "A\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n", "0123456789abcdefghij" },
        { "5;a=b;c=\"d \xc3\xa4\"\r\nhello\r\n0;e\r\n\r\n", "hello" },
        { "2\r\n\r\n\r\n0\r\nA: b\r\nC:\r\n\r\n", "\r\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t stretch = 1; stretch <= strlen(cases[i].bytes) + 3; stretch++) {
            struct buffer text OWNED(buffer_release) = { 0 };
            struct buffer content OWNED(buffer_release) = { 0 };
            struct body body;
            struct error err;
            size_t consumed;
            buffer_append_format(&text, "%sGET", cases[i].bytes);
            body_begin_chunks(&body, MAX_BYTES);
            assert_int_equal(
                take_all(&body, text.bytes, text.length, stretch, &content, &consumed, &err),
                STATUS_OK);
            assert_int_equal(consumed, strlen(cases[i].bytes));
            assert_string_equal(buffer_text(&content), cases[i].content);
        }
    }
}

#define BAD(text)                                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static void test_body__is_refused_when_a_chunk_is_not_exact(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        BAD("\r\n"),
        BAD("g\r\n"),
        BAD("-1\r\n"),
        BAD("+1\r\n"),
        BAD("0x1\r\n"),
        BAD(" 1\r\n"),
        BAD("1 \r\n"),
        BAD("1 ;a\r\n"),
        BAD("1\n"),
        BAD("1\rx"),
        BAD("1;a\nb"),
        BAD("1;a\0\r\n"),
        BAD("1;a\rb"),
        BAD("0000000000000001\r\n"),
        BAD("FFFFFFFFFFFFFFFF\r\n"),
        BAD("1\r\nab\r\n"),
        BAD("1\r\na\n"),
        BAD("1\r\na0\r\n"),
        BAD("0\r\n\n"),
        BAD("0\r\nGET / HTTP/1.1\r\n\r\n"),
        BAD("0\r\n A: b\r\n\r\n"),
        BAD("0\r\nA : b\r\n\r\n"),
        BAD("0\r\nA: b\n\r\n"),
        BAD("0\r\nA: \0\r\n\r\n"),
        BAD("0\r\n: b\r\n\r\n"),
        BAD("0\r\nA: b\r\n\rx"),
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t stretch = 1; stretch <= cases[i].length; stretch++) {
            struct buffer content OWNED(buffer_release) = { 0 };
            struct body body;
            struct error err;
            size_t consumed;
            body_begin_chunks(&body, MAX_BYTES);
            if (take_all(&body, cases[i].bytes, cases[i].length, stretch, &content, &consumed,
                         &err) != STATUS_INVALID)
                fail_msg("case %zu was taken", i);
            assert_string_equal(err.code, "content_invalid");
        }
}

static void test_body__is_refused_before_a_chunk_that_is_too_much(void **state)
{
    (void)state;
    static const char bytes[] = "60\r\n";
    static const char more[] = "5\r\n";
    struct body body;
    struct body_piece piece;
    struct error err;
    char content[0x60 + 2];
    memset(content, 'a', sizeof(content));
    memcpy(content + 0x60, "\r\n", 2);
    body_begin_chunks(&body, MAX_BYTES);
    assert_int_equal(body_take(&body, bytes, 4, &piece, &err), STATUS_OK);
    assert_int_equal(body_take(&body, content, sizeof(content), &piece, &err), STATUS_OK);
    assert_int_equal(piece.content_bytes, 0x60);
    assert_int_equal(body_take(&body, content + 0x60, 2, &piece, &err), STATUS_OK);
    assert_int_equal(body_take(&body, more, 3, &piece, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "content_too_large");
}

static void test_body__bounds_what_nobody_reads(void **state)
{
    (void)state;
    static const char *const begins[] = { "1;", "0\r\nA:" };
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct body body;
        struct body_piece piece;
        struct error err;
        size_t taken = 0;
        body_begin_chunks(&body, MAX_BYTES);
        assert_int_equal(body_take(&body, begins[i], strlen(begins[i]), &piece, &err), STATUS_OK);
        while (taken < 10000 && body_take(&body, "a", 1, &piece, &err) == STATUS_OK)
            taken++;
        assert_in_range(taken, 1000, BODY_MAX_EXTENSION_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_body__ends_where_its_length_says),
        cmocka_unit_test(test_body__is_joined_from_chunks_however_they_come),
        cmocka_unit_test(test_body__is_refused_when_a_chunk_is_not_exact),
        cmocka_unit_test(test_body__is_refused_before_a_chunk_that_is_too_much),
        cmocka_unit_test(test_body__bounds_what_nobody_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
