// Messages of several parts: what is whole is read to the byte, what is not is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "operation/operation_multipart.h"

// What was visited, one line a part: "name|file|bytes".
static enum status note(void *context, const struct operation_part *part, struct error *err)
{
    struct buffer *seen = context;
    buffer_append_format(seen, "%s|%s|%.*s\n", part->name, part->file_name, (int)part->size_bytes,
                         part->bytes);
    return buffer_check(seen, err);
}

// A copy without a byte behind it, so that reading too far shows.
static enum status read_text(struct buffer *seen, const char *text, struct error *err)
{
    size_t length = strlen(text);
    char *bytes OWNED(memory_release) = malloc(length ? length : 1);
    assert_non_null(bytes);
    memcpy(bytes, text, length);
    return operation_multipart_read(bytes, length, "B", note, seen, err);
}

static void test_operation_multipart__reads_each_part(void **state)
{
    (void)state;
    struct buffer seen OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_int_equal(read_text(&seen,
                               "\r\n--B\r\ncontent-disposition: form-data; name=\"input\"\r\n\r\n"
                               "{}\r\n--B\r\nContent-Disposition: form-data; name=\"content\"; "
                               "filename=\"a/b.zip\"\r\n\r\nx--B\r\n\r\n--B--\r\n",
                               &err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&seen), "input||{}\ncontent|b.zip|x--B\r\n\n");
}

static void test_operation_multipart__refuses_what_is_not_whole(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "--B",
        "--B\r\n",
        "--C\r\n\r\nx\r\n--C--",
        "--B\r\n\r\nx",
        "--B\r\n\r\nx\r\n--B",
        "--Bx\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"input\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buffer seen OWNED(buffer_release) = { 0 };
        struct error err = { 0 };
        if (read_text(&seen, texts[i], &err) != STATUS_INVALID)
            fail_msg("taken: %s", texts[i]);
        assert_string_equal(err.code, "multipart_invalid");
    }
}

static void test_operation_multipart__has_limits(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer seen OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    for (unsigned i = 0; i <= MULTIPART_MAX_PARTS; i++)
        operation_multipart_append_head(&text, "B", "file", "f", "text/plain");
    operation_multipart_append_end(&text, "B");
    assert_int_equal(read_text(&seen, buffer_text(&text), &err), STATUS_TOO_LARGE);
    text.length = 0;
    buffer_append_text(&text, "--B\r\n");
    for (unsigned i = 0; i < MULTIPART_MAX_HEAD_BYTES; i++)
        buffer_append_byte(&text, 'x');
    buffer_append_text(&text, "\r\n\r\nx\r\n--B--");
    assert_int_equal(read_text(&seen, buffer_text(&text), &err), STATUS_INVALID);
}

static void test_operation_multipart__finds_the_boundary(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *boundary; // NULL: refused
    } rows[] = {
        { "multipart/form-data; boundary=abc", "abc" },
        { "Multipart/Form-Data;boundary=\"a b\"", "a" },
        { "multipart/form-data; BOUNDARY=a-1'()+_,./:=?", "a-1'()+_,./:=?" },
        { "multipart/form-data", NULL },
        { "multipart/form-data; boundary=", NULL },
        { "multipart/form-data; charset=x", NULL },
        { "multipart/mixed; boundary=abc", NULL },
        { "application/json", NULL },
        { "multipart/form-data; boundary="
          "0123456789012345678901234567890123456789012345678901234567890123456789x",
          NULL },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char boundary[MULTIPART_BOUNDARY_BYTES];
        struct error err = { 0 };
        enum status status =
            operation_multipart_boundary(boundary, rows[i].type, "multipart/form-data", &err);
        assert_int_equal(status, rows[i].boundary ? STATUS_OK : STATUS_INVALID);
        if (rows[i].boundary)
            assert_string_equal(boundary, rows[i].boundary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operation_multipart__reads_each_part),
        cmocka_unit_test(test_operation_multipart__refuses_what_is_not_whole),
        cmocka_unit_test(test_operation_multipart__has_limits),
        cmocka_unit_test(test_operation_multipart__finds_the_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
