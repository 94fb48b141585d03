// A growing run of bytes: what goes in comes out, and a failed append is not forgotten.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

static void test_buffer__is_an_empty_string_before_the_first_append(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_string_equal(buffer_text(&buffer), "");
    assert_int_equal(buffer_check(&buffer, &err), STATUS_OK);
    buffer_truncate(&buffer, 0);
    assert_string_equal(buffer_text(&buffer), "");
}

static void test_buffer__appends_text_bytes_hex_and_formats(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    buffer_append_text(&buffer, "one ");
    buffer_append_byte(&buffer, '2');
    buffer_append_format(&buffer, " %s%d ", "t", 3);
    buffer_append_hex(&buffer, "\x00\xfa\x9f", 3);
    assert_string_equal(buffer_text(&buffer), "one 2 t3 00fa9f");
    assert_int_equal(buffer.length, strlen("one 2 t3 00fa9f"));
}

static void test_buffer__keeps_nul_bytes_and_ends_with_one(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    buffer_append(&buffer, "a\0b", 3);
    buffer_append(&buffer, NULL, 0);
    assert_int_equal(buffer.length, 3);
    assert_memory_equal(buffer.bytes, "a\0b\0", 4);
}

static void test_buffer__grows_past_its_first_size(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&buffer, (char)('a' + i % 26));
    assert_int_equal(buffer.length, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.bytes[i], 'a' + i % 26);
    assert_int_equal(buffer.bytes[100000], '\0');
}

static void test_buffer__formats_what_is_longer_than_its_room(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    buffer_append_text(&buffer, "x");
    buffer_append_format(&buffer, "%05000d", 7);
    assert_int_equal(buffer.length, 5001);
    assert_string_equal(buffer.bytes + 4999, "07");
}

static void test_buffer__truncates_and_goes_on(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    buffer_append_text(&buffer, "prompt/greeting");
    buffer_truncate(&buffer, 6);
    assert_string_equal(buffer_text(&buffer), "prompt");
    buffer_append_text(&buffer, "s");
    assert_string_equal(buffer_text(&buffer), "prompts");
}

static void test_buffer__remembers_a_failed_append(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    buffer_append_text(&buffer, "before");
    volatile size_t too_much = SIZE_MAX / 2;
    buffer_append(&buffer, "", too_much);
    buffer_append_text(&buffer, "after");
    buffer_append_format(&buffer, "%s", "after");
    assert_string_equal(buffer_text(&buffer), "before");
    assert_int_equal(buffer_check(&buffer, &err), STATUS_NO_MEMORY);
    assert_null(buffer_detach(&buffer));
}

static void test_buffer__hands_its_memory_over(void **state)
{
    (void)state;
    struct buffer buffer OWNED(buffer_release) = { 0 };
    buffer_append_text(&buffer, "mine");
    char *text = buffer_detach(&buffer);
    assert_string_equal(text, "mine");
    assert_null(buffer.bytes);
    assert_int_equal(buffer.length, 0);
    free(text);

    text = buffer_detach(&buffer);
    assert_string_equal(text, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer__is_an_empty_string_before_the_first_append),
        cmocka_unit_test(test_buffer__appends_text_bytes_hex_and_formats),
        cmocka_unit_test(test_buffer__keeps_nul_bytes_and_ends_with_one),
        cmocka_unit_test(test_buffer__grows_past_its_first_size),
        cmocka_unit_test(test_buffer__formats_what_is_longer_than_its_room),
        cmocka_unit_test(test_buffer__truncates_and_goes_on),
        cmocka_unit_test(test_buffer__remembers_a_failed_append),
        cmocka_unit_test(test_buffer__hands_its_memory_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
