// Guardrails of a prompt: which lines are some, and which a change takes away.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "operation/operation_change_lines.h"

static void add(struct operation_change_lines *lines, const char *section, const char *text)
{
    struct error err;
    assert_int_equal(operation_change_lines_add(lines, section, text, strlen(text), &err),
                     STATUS_OK);
}

static void test_operation_change_lines__are_those_that_bind(void **state)
{
    static const struct {
        const char *section;
        const char *line;
        bool is_one;
    } cases[] = {
        { "opening", "Never promise a discount.", true },
        { "opening", "  - You MUST NOT ask for a card number", true },
        { "opening", "Don't guess.", true },
        { "opening", "Nevertheless, say hello.", false },
        { "opening", "Say hello.", false },
        { "opening", "", false },
        { "opening", "# Never", false },
        { "guardrails", "Say hello.", true },
        { "guardrails", "  ", false },
        { "safety-rules", "Be brief.", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct operation_change_lines lines OWNED(operation_change_lines_release) = { 0 };
        add(&lines, cases[i].section, cases[i].line);
        if ((lines.count == 1) != cases[i].is_one)
            fail_msg("%s", cases[i].line);
    }
}

static void append(void *context, const char *begin, size_t length)
{
    buffer_append(context, begin, length);
    buffer_append_byte(context, '|');
}

static void test_operation_change_lines__missing_are_counted_as_often(void **state)
{
    (void)state;
    struct operation_change_lines before OWNED(operation_change_lines_release) = { 0 };
    struct operation_change_lines after OWNED(operation_change_lines_release) = { 0 };
    struct buffer gone OWNED(buffer_release) = { 0 };
    struct buffer new OWNED(buffer_release) = { 0 };
    add(&before, "opening", "Never a.\nNever b.\r\n* Never b.\nNever ab.");
    add(&after, "closing", "> Never b.\nNever c.");
    operation_change_lines_missing(&before, &after, append, &gone);
    operation_change_lines_missing(&after, &before, append, &new);
    assert_string_equal(buffer_text(&gone), "Never a.|Never ab.|Never b.|");
    assert_string_equal(buffer_text(&new), "Never c.|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operation_change_lines__are_those_that_bind),
        cmocka_unit_test(test_operation_change_lines__missing_are_counted_as_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
