// The head of a request: what is taken, and everything that two readers might read in two ways.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "head.h"

// Byte by byte, as a slow client sends it; says how many bytes it took to decide.
static enum status read_slowly(struct head *head, const char *bytes, size_t length,
                               size_t *out_taken, struct error *err)
{
    struct head_scan scan = { 0 };
    size_t head_bytes = 0;
    for (size_t i = 1; i <= length && head_bytes == 0; i++) {
        *out_taken = i;
        TRY(head_find_end(&scan, bytes, i, &head_bytes, err));
    }
    if (head_bytes == 0)
        return error_set(err, STATUS_NOT_FOUND, "incomplete", "more is needed");
    return head_parse(head, bytes + scan.begin, head_bytes - scan.begin, err);
}

static enum status read_at_once(struct head *head, const char *bytes, size_t length,
                                struct error *err)
{
    struct head_scan scan = { 0 };
    size_t head_bytes = 0;
    TRY(head_find_end(&scan, bytes, length, &head_bytes, err));
    if (head_bytes == 0)
        return error_set(err, STATUS_NOT_FOUND, "incomplete", "more is needed");
    return head_parse(head, bytes + scan.begin, head_bytes - scan.begin, err);
}

static void assert_span(struct head_span span, const char *text)
{
    assert_int_equal(span.length, strlen(text));
    assert_memory_equal(span.bytes, text, span.length);
}

static void test_head__is_read_whole_however_it_comes(void **state)
{
    (void)state;
    static const char text[] = "\r\nGET /a?b HTTP/1.0\r\nHost: x\r\nEmpty:\r\nB_c!: \t d  e\t \r\n"
                               "F: \xc3\xa4\r\n\r\nGET /next";
    for (int is_slow = 0; is_slow < 2; is_slow++) {
        struct head head;
        struct error err;
        size_t taken = 0;
        assert_int_equal(is_slow ? read_slowly(&head, text, sizeof(text) - 1, &taken, &err)
                                 : read_at_once(&head, text, sizeof(text) - 1, &err),
                         STATUS_OK);
        assert_span(head.method, "GET");
        assert_span(head.target, "/a?b");
        assert_int_equal(head.minor_version, 0);
        assert_int_equal(head.field_count, 4);
        assert_span(head.fields[0].name, "Host");
        assert_span(head.fields[0].value, "x");
        assert_span(head.fields[1].value, "");
        assert_span(head.fields[2].name, "B_c!");
        assert_span(head.fields[2].value, "d  e");
        assert_span(head.fields[3].value, "\xc3\xa4");
    }
}

#define LINE "GET / HTTP/1.1\r\n"
#define BAD(text, code)                                                                            \
    {                                                                                              \
        text, sizeof(text) - 1, code                                                               \
    }

static void test_head__refuses_whatever_could_be_read_in_two_ways(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *code;
    } cases[] = {
        BAD("GET / HTTP/1.1\n\n", "line_invalid"),
        BAD(LINE "A: b\n\r\n", "line_invalid"),
        BAD(LINE "A: b\r\n\n", "line_invalid"),
        BAD("\n" LINE "\r\n", "line_invalid"),
        BAD("\r\n\r\n" LINE "\r\n", "request_line_invalid"),
        BAD("\rGET / HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /\r\n\r\n", "request_line_invalid"),
        BAD("GET / \r\n\r\n", "request_line_invalid"),
        BAD("GET\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/1.1 \r\n\r\n", "request_line_invalid"),
        BAD(" GET / HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET  / HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /  HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET\t/ HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /\tHTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /a b HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("G@T / HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /a\0b HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /a\rb HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /a#b HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /\x7f HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET /\xc3\xa4 HTTP/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET / http/1.1\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/1.10\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/11\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/1.x\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/1.1\r\r\n\r\n", "request_line_invalid"),
        BAD("GET / HTTP/1.2\r\n\r\n", "version_not_supported"),
        BAD("GET / HTTP/2.0\r\n\r\n", "version_not_supported"),
        BAD("PRI * HTTP/2.0\r\n\r\n", "version_not_supported"),
        BAD("GET / HTTP/0.9\r\n\r\n", "version_not_supported"),
        BAD(LINE " A: b\r\n\r\n", "field_invalid"),
        BAD(LINE "A: b\r\n c\r\n\r\n", "field_invalid"),
        BAD(LINE "A: b\r\n\tc\r\n\r\n", "field_invalid"),
        BAD(LINE "A : b\r\n\r\n", "field_invalid"),
        BAD(LINE "A\t: b\r\n\r\n", "field_invalid"),
        BAD(LINE ": b\r\n\r\n", "field_invalid"),
        BAD(LINE "A\r\n\r\n", "field_invalid"),
        BAD(LINE "A(b): c\r\n\r\n", "field_invalid"),
        BAD(LINE "\xc3\xa4: c\r\n\r\n", "field_invalid"),
        BAD(LINE "A\0: b\r\n\r\n", "field_invalid"),
        BAD(LINE "A: b\0\r\n\r\n", "field_invalid"),
        BAD(LINE "A: \0b\r\n\r\n", "field_invalid"),
        BAD(LINE "A: b\rc\r\n\r\n", "field_invalid"),
        BAD(LINE "A: b\r\r\n\r\n", "field_invalid"),
        BAD(LINE "\rA: b\r\n\r\n", "field_invalid"),
        BAD(LINE "A: \x01\r\n\r\n", "field_invalid"),
        BAD(LINE "A: \x7f\r\n\r\n", "field_invalid"),
        BAD(LINE "A: \v\r\n\r\n", "field_invalid"),
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct head head;
        struct error err;
        size_t taken = 0;
        assert_int_equal(read_at_once(&head, cases[i].bytes, cases[i].length, &err),
                         STATUS_INVALID);
        if (strcmp(err.code, cases[i].code) != 0)
            fail_msg("case %zu: %s, not %s", i, err.code, cases[i].code);
        assert_int_equal(read_slowly(&head, cases[i].bytes, cases[i].length, &taken, &err),
                         STATUS_INVALID);
        assert_string_equal(err.code, cases[i].code);
    }
}

// Whether a value of `length` bytes is taken whose byte at `at` is `byte`.
static bool takes_value(size_t length, size_t at, int byte)
{
    static const char before[] = LINE "A: ";
    char text[64] = LINE "A: ";
    size_t end = sizeof(before) - 1 + length;
    struct head head;
    struct error err;
    memset(text + sizeof(before) - 1, at % 2 ? 0xff : 'x', length);
    text[sizeof(before) - 1 + at] = (char)byte;
    memcpy(text + end, "\r\n\r\n", 4);
    if (read_at_once(&head, text, end + 4, &err) != STATUS_OK)
        return false;
    if (byte != '\t' && byte != ' ')
        assert_int_equal(head.fields[0].value.length, length);
    return true;
}

// Values go by eight bytes at a time: no byte may hide beside others, wherever it stands.
static void test_head__looks_at_each_byte_of_a_value(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 20; length++)
        for (size_t i = 0; i < length * 256; i++) {
            int byte = (int)(i % 256);
            assert_int_equal(takes_value(length, i / 256, byte),
                             byte == '\t' || (byte >= 0x20 && byte != 0x7f));
        }
}

static void test_head__does_not_wait_for_more_once_a_line_is_bad(void **state)
{
    (void)state;
    static const char text[] = "GET / HTTP/1.1\nHost: x";
    struct head head;
    struct error err;
    size_t taken = 0;
    assert_int_equal(read_slowly(&head, text, sizeof(text) - 1, &taken, &err), STATUS_INVALID);
    assert_int_equal(taken, strlen("GET / HTTP/1.1\n"));
}

static void append_many(struct buffer *text, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_text(text, piece);
}

static void expect_limit(const struct buffer *text, const char *code)
{
    struct head head;
    struct error err;
    size_t taken = 0;
    assert_int_equal(read_at_once(&head, text->bytes, text->length, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, code);
    assert_int_equal(read_slowly(&head, text->bytes, text->length, &taken, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, code);
    assert_true(taken <= HEAD_MAX_BYTES + 1);
}

static void test_head__has_limits(void **state)
{
    (void)state;
    struct head head;
    struct error err;
    struct buffer many OWNED(buffer_release) = { 0 };
    buffer_append_text(&many, LINE);
    append_many(&many, "A: b\r\n", HEAD_MAX_FIELDS);
    struct buffer more OWNED(buffer_release) = { 0 };
    buffer_append(&more, many.bytes, many.length);
    buffer_append_text(&many, "\r\n");
    assert_int_equal(read_at_once(&head, many.bytes, many.length, &err), STATUS_OK);
    buffer_append_text(&more, "A: b\r\n\r\n");
    expect_limit(&more, "fields_too_large");

    struct buffer target OWNED(buffer_release) = { 0 };
    buffer_append_text(&target, "GET /");
    append_many(&target, "a", HEAD_MAX_TARGET_BYTES - 1);
    size_t before = target.length;
    buffer_append_text(&target, " HTTP/1.1\r\n\r\n");
    assert_int_equal(read_at_once(&head, target.bytes, target.length, &err), STATUS_OK);
    buffer_truncate(&target, before);
    buffer_append_text(&target, "a HTTP/1.1\r\n\r\n");
    expect_limit(&target, "target_too_long");

    struct buffer line OWNED(buffer_release) = { 0 };
    append_many(&line, "a", HEAD_MAX_BYTES + 1);
    expect_limit(&line, "target_too_long");
    struct buffer value OWNED(buffer_release) = { 0 };
    buffer_append_text(&value, LINE "A: ");
    append_many(&value, "b", HEAD_MAX_BYTES);
    expect_limit(&value, "fields_too_large");
}

static void test_head__finds_tokens_in_a_list(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool has;
    } cases[] = {
        { "close", true },       { "CLOSE", true },   { "a, close", true }, { "close,a", true },
        { ",,\tclose ,", true }, { "", false },       { ",", false },       { "closed", false },
        { "a close", false },    { "clos,e", false },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct head_span list = { cases[i].list, strlen(cases[i].list) };
        assert_int_equal(head_list_has(list, "close"), cases[i].has);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head__is_read_whole_however_it_comes),
        cmocka_unit_test(test_head__refuses_whatever_could_be_read_in_two_ways),
        cmocka_unit_test(test_head__looks_at_each_byte_of_a_value),
        cmocka_unit_test(test_head__does_not_wait_for_more_once_a_line_is_bad),
        cmocka_unit_test(test_head__has_limits),
        cmocka_unit_test(test_head__finds_tokens_in_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
