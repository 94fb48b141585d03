// Documents in passages: nothing is lost, nothing too long, and each knows its line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "snapshot/passage.h"

static void assert_passages(const char *text, bool is_records, const char *const *expected,
                            const uint32_t *lines, size_t count)
{
    struct passage_reading reading = { text, strlen(text), is_records, 0, 0 };
    struct search_passage passage;
    for (size_t i = 0; i < count; i++) {
        assert_true(passage_next(&reading, &passage));
        assert_int_equal(passage.bytes, strlen(expected[i]));
        assert_memory_equal(text + passage.start, expected[i], passage.bytes);
        assert_int_equal(passage.line, lines[i]);
    }
    assert_false(passage_next(&reading, &passage));
}

static void test_passage__takes_short_paragraphs_together(void **state)
{
    (void)state;
    static const char *const expected[] = { "One.\n\nTwo." };
    assert_passages("\n\nOne.\n\nTwo.\n\n", false, expected, (uint32_t[]) { 3 }, 1);
    assert_passages("", false, NULL, NULL, 0);
    assert_passages(" \n\t\n ", false, NULL, NULL, 0);
}

static void test_passage__begins_anew_at_a_heading(void **state)
{
    (void)state;
    static const char *const expected[] = { "Before.", "# One\n\nText.", "## Two\nMore." };
    assert_passages("Before.\n# One\n\nText.\n\n## Two\nMore.", false, expected,
                    (uint32_t[]) { 1, 2, 6 }, 3);
}

static void test_passage__takes_each_record_alone(void **state)
{
    (void)state;
    static const char *const expected[] = { "{\"a\":1}", "{\"a\":2}" };
    assert_passages("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", true, expected, (uint32_t[]) { 1, 3 }, 2);
}

static void test_passage__ends_long_ones_at_a_blank_line(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    for (int i = 0; i < 6; i++) {
        for (int word = 0; word < 30; word++)
            buffer_append_text(&text, "words ");
        buffer_append_text(&text, "end.\n\n");
    }
    struct passage_reading reading = { buffer_text(&text), text.length, false, 0, 0 };
    struct search_passage passage;
    uint32_t line = 1;
    for (int i = 0; i < 2; i++, line += 6) {
        assert_true(passage_next(&reading, &passage));
        assert_int_equal(passage.line, line);
        assert_memory_equal(text.bytes + passage.start + passage.bytes - 4, "end.", 4);
    }
    assert_false(passage_next(&reading, &passage));
}

// Without a line's end, and without a blank, in characters of three bytes.
static void test_passage__cuts_what_has_no_end(void **state)
{
    (void)state;
    static const char *const pieces[] = { "word ", "\xe2\x82\xac" };
    for (size_t kind = 0; kind < COUNT_OF(pieces); kind++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        for (int i = 0; i < 4000; i++)
            buffer_append_text(&text, pieces[kind]);
        struct passage_reading reading = { buffer_text(&text), text.length, false, 0, 0 };
        struct search_passage passage;
        size_t letters = 0;
        while (passage_next(&reading, &passage)) {
            assert_true(passage.bytes > 0 && passage.bytes <= PASSAGE_MAX_BYTES);
            assert_true(text_is_utf8(text.bytes + passage.start, passage.bytes, NULL));
            for (size_t i = 0; i < passage.bytes; i++)
                letters += text.bytes[passage.start + i] != ' ';
        }
        assert_int_equal(letters, kind == 0 ? 4000 * 4 : 4000 * 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passage__takes_short_paragraphs_together),
        cmocka_unit_test(test_passage__begins_anew_at_a_heading),
        cmocka_unit_test(test_passage__takes_each_record_alone),
        cmocka_unit_test(test_passage__ends_long_ones_at_a_blank_line),
        cmocka_unit_test(test_passage__cuts_what_has_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
