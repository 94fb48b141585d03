// Failures: what a person and a script read from one error.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/error.h"

static void test_error__keeps_status_code_and_words(void **state)
{
    (void)state;
    struct error err = { 0 };
    assert_int_equal(error_set(&err, STATUS_CONFLICT, "taken", "%s is taken by %d", "it", 7),
                     STATUS_CONFLICT);
    assert_int_equal(err.status, STATUS_CONFLICT);
    assert_string_equal(err.code, "taken");
    assert_string_equal(err.message, "it is taken by 7");
    assert_string_equal(err.hint, "");
}

static void test_error__adds_a_hint_and_drops_it_with_the_next_error(void **state)
{
    (void)state;
    struct error err = { 0 };
    error_set(&err, STATUS_INVALID, "bad", "bad");
    assert_int_equal(error_hint(&err, "write %s", "it better"), STATUS_INVALID);
    assert_string_equal(err.hint, "write it better");
    error_set(&err, STATUS_IO, "worse", "worse");
    assert_string_equal(err.hint, "");
}

static void test_error__puts_a_prefix_before_the_message(void **state)
{
    (void)state;
    struct error err = { 0 };
    error_set(&err, STATUS_INVALID, "bad", "line 3: unexpected");
    assert_int_equal(error_prefix(&err, "%s", "tools.json"), STATUS_INVALID);
    assert_string_equal(err.message, "tools.json: line 3: unexpected");
}

static void test_error__stays_utf8_whatever_is_quoted(void **state)
{
    (void)state;
    struct error err = { 0 };
    error_set(&err, STATUS_INVALID, "bad", "'%s'", "caf\xc3\xa9 \xff\xc3 end");
    assert_string_equal(err.message, "'caf\xc3\xa9 ?? end'");
    error_hint(&err, "%.4s", "caf\xc3\xa9");
    assert_string_equal(err.hint, "caf");
    error_prefix(&err, "\xe2\x82");
    assert_string_equal(err.message, "??: 'caf\xc3\xa9 ?? end'");
}

static void test_error__cuts_what_does_not_fit(void **state)
{
    (void)state;
    struct error err = { 0 };
    char longer[2 * ERROR_MESSAGE_BYTES];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    error_set(&err, STATUS_INVALID, "bad", "%s", longer);
    error_hint(&err, "%s", longer);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_BYTES - 1);
    assert_int_equal(strlen(err.hint), ERROR_HINT_BYTES - 1);

    error_prefix(&err, "file");
    assert_memory_equal(err.message, "file: xxx", 9);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_BYTES - 1);

    error_prefix(&err, "%s", longer);
    assert_int_equal(strlen(err.message), ERROR_MESSAGE_BYTES - 1);
    assert_memory_equal(err.message + ERROR_MESSAGE_BYTES / 2 - 3, ": file: xxx", 11);
}

static void test_error__names_the_systems_reason(void **state)
{
    (void)state;
    struct error err = { 0 };
    errno = ENOSPC;
    assert_int_equal(error_errno(&err, "cannot write", "a.md"), STATUS_IO);
    assert_string_equal(err.code, "io");
    assert_string_equal(err.message, "cannot write a.md: No space left on device");
}

static void test_error__says_out_of_memory_with_a_hint(void **state)
{
    (void)state;
    struct error err = { 0 };
    assert_int_equal(error_no_memory(&err), STATUS_NO_MEMORY);
    assert_string_equal(err.code, "no_memory");
    assert_true(err.hint[0] != '\0');
}

static enum status pass_up(enum status status, int *after)
{
    TRY(status);
    *after = 1;
    return STATUS_OK;
}

static void test_error__try_returns_what_is_not_ok(void **state)
{
    (void)state;
    int after = 0;
    assert_int_equal(pass_up(STATUS_DAMAGED, &after), STATUS_DAMAGED);
    assert_int_equal(after, 0);
    assert_int_equal(pass_up(STATUS_OK, &after), STATUS_OK);
    assert_int_equal(after, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error__keeps_status_code_and_words),
        cmocka_unit_test(test_error__adds_a_hint_and_drops_it_with_the_next_error),
        cmocka_unit_test(test_error__puts_a_prefix_before_the_message),
        cmocka_unit_test(test_error__stays_utf8_whatever_is_quoted),
        cmocka_unit_test(test_error__cuts_what_does_not_fit),
        cmocka_unit_test(test_error__names_the_systems_reason),
        cmocka_unit_test(test_error__says_out_of_memory_with_a_hint),
        cmocka_unit_test(test_error__try_returns_what_is_not_ok),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
