// Shared libraries that are loaded late.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/library.h"
#include "base/memory.h"

// Of the C library, which is there wherever this runs.
struct table {
    int (*unused)(int);
    int (*upper)(int);
    int (*lower)(int);
};

static int kept(int c)
{
    return c;
}

static const struct library_function functions[] = {
    { "toupper", offsetof(struct table, upper) },
    { "tolower", offsetof(struct table, lower) },
    { "no_such_function", offsetof(struct table, unused) },
};

static struct library make_library(const char *soname, size_t count)
{
    return (struct library) { .soname = soname,
                              .name = "the library",
                              .code = "library_missing",
                              .hint = "install it",
                              .functions = functions,
                              .count = count };
}

static void test_library__fills_the_table(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct table table = { .unused = kept };
    const struct library library = make_library("libc.so.6", 2);
    assert_int_equal(library_load(&table, &library, &err), STATUS_OK);
    assert_int_equal(table.upper('a'), 'A');
    assert_int_equal(table.lower('A'), 'a');
    assert_ptr_equal(table.unused, kept);
}

static void test_library__missing_one_is_told_and_fills_nothing(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct table table = { kept, kept, kept };
    const struct library nowhere = make_library("libnowhere.so.7", 2);
    assert_int_equal(library_load(&table, &nowhere, &err), STATUS_IO);
    assert_string_equal(err.code, "library_missing");
    assert_non_null(strstr(err.message, "cannot load the library: libnowhere.so.7"));
    assert_string_equal(err.hint, "install it");

    const struct library other = make_library("libc.so.6", 3);
    assert_int_equal(library_load(&table, &other, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "no_such_function"));
    assert_ptr_equal(table.upper, kept);
    assert_ptr_equal(table.lower, kept);
}

static void test_library__table_has_a_limit(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct table table;
    const struct library large = make_library("libc.so.6", LIBRARY_MAX_FUNCTIONS + 1);
    assert_int_equal(library_load(&table, &large, &err), STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library__fills_the_table),
        cmocka_unit_test(test_library__missing_one_is_told_and_fills_nothing),
        cmocka_unit_test(test_library__table_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
