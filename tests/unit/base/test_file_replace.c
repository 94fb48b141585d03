// A file that is written beside its place: whole under its name or not there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/memory.h"

struct fixture {
    char *folder;
    char *path;
};

static int set_up(void **state)
{
    struct error err = { 0 };
    char form[] = "/tmp/greenroom-replace-XXXXXX";
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (!fixture || !mkdtemp(form))
        return -1;
    fixture->folder = strdup(form);
    *state = fixture;
    return file_join(&fixture->path, form, "it", &err) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    bool is_alone = unlink(fixture->path) == 0 && rmdir(fixture->folder) == 0; // nothing beside it
    free(fixture->folder);
    free(fixture->path);
    free(fixture);
    return is_alone ? 0 : -1;
}

static void assert_holds(const struct fixture *fixture, const char *text)
{
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    assert_int_equal(file_read(&bytes, fixture->path, 1 << 20, &err), STATUS_OK);
    assert_string_equal(buffer_text(&bytes), text);
}

// Writes some of it, and sees meanwhile what others see.
static enum status write_half(void *context, int fd, struct error *err)
{
    TRY(file_write_all(fd, "ne", 2, "it", err));
    assert_holds(context, "old");
    return STATUS_OK;
}

static enum status write_new(void *context, int fd, struct error *err)
{
    TRY(write_half(context, fd, err));
    return file_write_all(fd, "w", 1, "it", err);
}

static enum status write_then_fail(void *context, int fd, struct error *err)
{
    TRY(write_half(context, fd, err));
    return error_set(err, STATUS_REFUSED, "enough", "that is enough");
}

static void write_old(const struct fixture *fixture)
{
    struct error err = { 0 };
    assert_int_equal(file_write_atomic(fixture->path, "old", 3, 0644, &err), STATUS_OK);
}

static void test_file_replace__shows_the_old_until_the_new_is_whole(void **state)
{
    struct error err = { 0 };
    struct fixture *fixture = *state;
    write_old(fixture);
    assert_int_equal(file_replace(fixture->path, 0644, write_new, fixture, &err), STATUS_OK);
    assert_holds(fixture, "new");
}

static void test_file_replace__keeps_the_old_when_its_writer_fails(void **state)
{
    struct error err = { 0 };
    struct fixture *fixture = *state;
    write_old(fixture);
    assert_int_equal(file_replace(fixture->path, 0644, write_then_fail, fixture, &err),
                     STATUS_REFUSED);
    assert_string_equal(err.code, "enough");
    assert_holds(fixture, "old");
}

static void test_file_replace__never_gives_a_name_twice(void **state)
{
    struct error err = { 0 };
    struct fixture *fixture = *state;
    char *one OWNED(memory_release) = NULL;
    char *other OWNED(memory_release) = NULL;
    write_old(fixture);
    assert_int_equal(file_replace_name(&one, fixture->path, &err), STATUS_OK);
    assert_int_equal(file_replace_name(&other, fixture->path, &err), STATUS_OK);
    assert_string_not_equal(one, other);
    assert_memory_equal(one, fixture->path, strlen(fixture->path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_file_replace__shows_the_old_until_the_new_is_whole,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_replace__keeps_the_old_when_its_writer_fails,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_replace__never_gives_a_name_twice, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
