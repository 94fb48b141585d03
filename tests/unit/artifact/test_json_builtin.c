// JSON documents that were read when the program was built.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/json_builtin.h"
#include "base/buffer.h"
#include "base/embedded.h"
#include "base/memory.h"

static void assert_same(const char *name)
{
    const struct embedded_file *file = embedded_find(name);
    struct error err = { 0 };
    struct json *read OWNED(json_release) = NULL;
    struct buffer wanted OWNED(buffer_release) = { 0 };
    struct buffer found OWNED(buffer_release) = { 0 };
    const struct json *builtin = NULL;
    assert_non_null(file);
    assert_int_equal(json_parse(&read, file->bytes, file->size_bytes, &err), STATUS_OK);
    assert_int_equal(json_builtin_new(&builtin, name, &err), STATUS_OK);
    assert_null(json_next(builtin));
    assert_null(json_key(builtin));
    // Members in their order, which a comparison of objects would not see.
    assert_int_equal(json_print_pretty(&wanted, read, &err), STATUS_OK);
    assert_int_equal(json_print_pretty(&found, builtin, &err), STATUS_OK);
    assert_string_equal(buffer_text(&found), buffer_text(&wanted));
    json_builtin_free(builtin);
}

static void test_json_builtin_new__gives_what_reading_the_file_gives(void **state)
{
    size_t count = 0;
    (void)state;
    for (; json_builtin_documents[count].name; count++)
        assert_same(json_builtin_documents[count].name);
    assert_true(count >= 2);
}

static void test_json_builtin_new__knows_only_what_is_built_in(void **state)
{
    struct error err = { 0 };
    const struct json *builtin = NULL;
    (void)state;
    assert_int_equal(json_builtin_new(&builtin, "pii", &err), STATUS_NOT_FOUND);
    assert_null(builtin);
    assert_non_null(strstr(err.message, "pii is not built in"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_builtin_new__gives_what_reading_the_file_gives),
        cmocka_unit_test(test_json_builtin_new__knows_only_what_is_built_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
