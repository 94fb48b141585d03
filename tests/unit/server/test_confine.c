// What a confined process may still do, and what not: tried in a child, since it is for good.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "confine.h"

struct given {
    char environment[48]; // with a cache/ in it, and elsewhere/ beside it
    char cache[64];
    char elsewhere[64];
    char folder[32];
};

static void make_folder_with_a_file(const char *folder)
{
    char path[128];
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(path, sizeof(path), "%s/file", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void remove_folder(const char *folder)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/file", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/new", folder);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static int set_up(void **state)
{
    struct given *given = calloc(1, sizeof(*given));
    assert_non_null(given);
    snprintf(given->folder, sizeof(given->folder), "/tmp/confine-XXXXXX");
    assert_non_null(mkdtemp(given->folder));
    snprintf(given->environment, sizeof(given->environment), "%s/environment", given->folder);
    snprintf(given->cache, sizeof(given->cache), "%s/cache", given->environment);
    snprintf(given->elsewhere, sizeof(given->elsewhere), "%s/elsewhere", given->folder);
    make_folder_with_a_file(given->environment);
    make_folder_with_a_file(given->cache);
    make_folder_with_a_file(given->elsewhere);
    *state = given;
    return 0;
}

static int tear_down(void **state)
{
    struct given *given = *state;
    remove_folder(given->cache);
    remove_folder(given->environment);
    remove_folder(given->elsewhere);
    assert_int_equal(rmdir(given->folder), 0);
    free(given);
    return 0;
}

// 0, or errno of opening folder/name.
static int try_open(const char *folder, const char *name, int flags)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

// What a child answers with; FIRST_TRIAL + N: trial N went another way than it must.
enum outcome { ALL_AS_WANTED, NOT_CONFINED, NO_SUCH_KERNEL, FIRST_TRIAL };

static int try_files(const struct given *given)
{
    struct error err = { 0 };
    bool holds = false;
    struct confine_plan writer = { .environment_path = given->environment, .may_write = true };
    struct confine_plan reader = { .environment_path = given->environment };
    const struct {
        const char *folder;
        const char *name;
        int flags;
        int wanted;
    } trials[] = {
        { given->environment, "file", O_RDWR, 0 },
        { given->environment, "new", O_WRONLY | O_CREAT, 0 },
        { given->elsewhere, "file", O_RDONLY, EACCES },
        { given->elsewhere, "new", O_WRONLY | O_CREAT, EACCES },
        { "/etc", "passwd", O_RDONLY, 0 },
        { NULL, NULL, 0, 0 }, // from here on as a reader
        { given->environment, "file", O_RDONLY, 0 },
        { given->environment, "file", O_RDWR, EACCES },
        { given->environment, "newer", O_WRONLY | O_CREAT, EACCES },
        { given->cache, "new", O_WRONLY | O_CREAT, 0 },
        { given->elsewhere, "file", O_RDONLY, EACCES },
    };
    if (confine_files(&holds, &writer, &err) != STATUS_OK)
        return NOT_CONFINED;
    if (!holds)
        return NO_SUCH_KERNEL;
    for (size_t i = 0; i < COUNT_OF(trials); i++) {
        if (!trials[i].folder && confine_files(&holds, &reader, &err) != STATUS_OK)
            return NOT_CONFINED;
        if (trials[i].folder &&
            try_open(trials[i].folder, trials[i].name, trials[i].flags) != trials[i].wanted)
            return FIRST_TRIAL + (int)i;
    }
    return ALL_AS_WANTED;
}

static int try_rereading(const struct given *given)
{
    struct error err = { 0 };
    bool holds = false;
    char path[128];
    snprintf(path, sizeof(path), "%s/file", given->elsewhere);
    const char *const again[] = { path, NULL };
    struct confine_plan plan = { .environment_path = given->environment, .also_readable = again };
    if (confine_files(&holds, &plan, &err) != STATUS_OK)
        return NOT_CONFINED;
    if (!holds)
        return NO_SUCH_KERNEL;
    if (try_open(given->elsewhere, "file", O_RDONLY) != 0)
        return FIRST_TRIAL;
    return try_open(given->elsewhere, "file", O_RDWR) == EACCES ? ALL_AS_WANTED : FIRST_TRIAL + 1;
}

static int try_calls(const struct given *given)
{
    (void)given;
    struct error err = { 0 };
    bool holds = false;
    char *const nothing[] = { NULL };
    if (confine_calls(&holds, &err) != STATUS_OK)
        return NOT_CONFINED;
    if (!holds)
        return NO_SUCH_KERNEL;
    if (execve("/bin/true", nothing, nothing) != -1 || errno != EPERM)
        return FIRST_TRIAL;
    return unshare(CLONE_NEWUSER) == -1 && errno == EPERM ? ALL_AS_WANTED : FIRST_TRIAL + 1;
}

static void in_a_child(int (*try_it)(const struct given *given), const struct given *given)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_it(given));
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    if (WEXITSTATUS(ended) == NO_SUCH_KERNEL)
        skip();
    assert_int_equal(WEXITSTATUS(ended), ALL_AS_WANTED);
}

static void test_confine__keeps_to_the_environment_then_to_reading_it(void **state)
{
    in_a_child(try_files, *state);
}

static void test_confine__leaves_what_is_read_again(void **state)
{
    in_a_child(try_rereading, *state);
}

static void test_confine__starts_no_program_and_leaves_no_namespace(void **state)
{
    in_a_child(try_calls, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_confine__keeps_to_the_environment_then_to_reading_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_confine__leaves_what_is_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_confine__starts_no_program_and_leaves_no_namespace,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
