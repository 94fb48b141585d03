// Files and folders: whole reads within a limit, atomic writes, removal that follows no link,
// locks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static int make_folder(void **state)
{
    char form[] = "/tmp/greenroom-file-XXXXXX";
    *state = mkdtemp(form) ? strdup(form) : NULL;
    return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
    struct error err = { 0 };
    enum status status = file_remove_tree(*state, &err);
    free(*state);
    return status == STATUS_OK ? 0 : -1;
}

static char *below(void **state, const char *name)
{
    struct error err = { 0 };
    char *path = NULL;
    assert_int_equal(file_join(&path, *state, name, &err), STATUS_OK);
    return path;
}

static void write_file(const char *path, const char *text)
{
    struct error err = { 0 };
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0644, &err), STATUS_OK);
}

static void assert_holds(const char *path, const char *text)
{
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    assert_int_equal(file_read(&bytes, path, 1 << 20, &err), STATUS_OK);
    assert_string_equal(buffer_text(&bytes), text);
}

static void test_file__reads_up_to_its_limit(void **state)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(state, "a.md");
    write_file(path, "twelve bytes");
    struct buffer bytes OWNED(buffer_release) = { 0 };
    buffer_append_text(&bytes, "before ");
    assert_int_equal(file_read(&bytes, path, 12, &err), STATUS_OK);
    assert_string_equal(buffer_text(&bytes), "before twelve bytes");

    assert_int_equal(file_read(&bytes, path, 11, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "file_too_large");
    assert_non_null(strstr(err.message, path));
    assert_string_equal(buffer_text(&bytes), "before twelve bytes");
}

static void test_file__reads_an_empty_file(void **state)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(state, "empty");
    write_file(path, "");
    struct buffer bytes OWNED(buffer_release) = { 0 };
    assert_int_equal(file_read(&bytes, path, 0, &err), STATUS_OK);
    assert_int_equal(bytes.length, 0);
}

static void test_file__tells_missing_from_irregular(void **state)
{
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    char *missing OWNED(memory_release) = below(state, "missing");
    char *file OWNED(memory_release) = below(state, "file");
    char *beyond OWNED(memory_release) = below(state, "file/beyond");
    char *fifo OWNED(memory_release) = below(state, "fifo");
    write_file(file, "x");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(file_read(&bytes, missing, 10, &err), STATUS_NOT_FOUND);
    assert_int_equal(file_read(&bytes, beyond, 10, &err), STATUS_NOT_FOUND);
    assert_int_equal(file_read(&bytes, *state, 10, &err), STATUS_INVALID);
    assert_int_equal(file_read(&bytes, fifo, 10, &err), STATUS_INVALID); // and does not wait
}

static void test_file__reads_a_pipe_to_its_end_within_the_limit(void **state)
{
    (void)state;
    struct error err = { 0 };
    for (size_t limit = 5; limit <= 6; limit++) {
        struct buffer bytes OWNED(buffer_release) = { 0 };
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        int from OWNED(file_close) = ends[0];
        int to OWNED(file_close) = ends[1];
        assert_int_equal(write(to, "a\0b\nc\n", 6), 6);
        file_close(&to);
        enum status status = file_read_stream(&bytes, from, "the pipe", limit, &err);
        assert_int_equal(status, limit == 5 ? STATUS_TOO_LARGE : STATUS_OK);
        assert_int_equal(bytes.length, limit == 5 ? 0 : 6);
        if (limit == 5)
            assert_non_null(strstr(err.message, "the pipe"));
        else
            assert_memory_equal(bytes.bytes, "a\0b\nc\n", 6);
    }
}

static void test_file__replaces_atomically_and_leaves_nothing_behind(void **state)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(state, "state.json");
    write_file(path, "old");
    assert_int_equal(file_write_atomic(path, "new", 3, 0600, &err), STATUS_OK);
    assert_holds(path, "new");
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(*state), 0); // only an empty folder can be removed so
    assert_int_equal(file_make_folder(*state, &err), STATUS_OK);
}

static void test_file__keeps_the_old_file_when_it_cannot_replace(void **state)
{
    struct error err = { 0 };
    char *folder OWNED(memory_release) = below(state, "folder");
    char *inside OWNED(memory_release) = below(state, "folder/a");
    assert_int_equal(file_make_folder(folder, &err), STATUS_OK);
    write_file(inside, "kept");
    assert_int_equal(file_write_atomic(folder, "x", 1, 0600, &err), STATUS_IO);
    assert_holds(inside, "kept");
    assert_int_equal(unlink(inside), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(rmdir(*state), 0); // no temporary file is left
    assert_int_equal(file_make_folder(*state, &err), STATUS_OK);
}

static void test_file__says_why_it_cannot_write(void **state)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(state, "no/such/folder");
    assert_int_equal(file_write_atomic(path, "x", 1, 0600, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "No such file"));

    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    assert_int_equal(file_write_all(full, "x", 1, "full", &err), STATUS_IO);
    assert_non_null(strstr(err.message, "No space left"));
    file_close(&full);
    assert_int_equal(full, -1);
    file_close(&full); // twice does no harm
}

static void test_file__makes_a_folder_once(void **state)
{
    struct error err = { 0 };
    char *folder OWNED(memory_release) = below(state, "folder");
    char *nested OWNED(memory_release) = below(state, "a/b");
    assert_int_equal(file_make_folder(folder, &err), STATUS_OK);
    assert_int_equal(file_make_folder(folder, &err), STATUS_CONFLICT);
    assert_int_equal(file_make_folder(nested, &err), STATUS_IO);
    assert_true(file_exists(folder));
    assert_true(file_is_folder(folder));
    assert_int_equal(file_sync_folder(folder, &err), STATUS_OK);
    assert_int_equal(file_sync_folder(nested, &err), STATUS_IO);
}

static void test_file__sees_links_as_there_even_when_they_dangle(void **state)
{
    char *link OWNED(memory_release) = below(state, "link");
    char *missing OWNED(memory_release) = below(state, "missing");
    assert_int_equal(symlink("missing", link), 0);
    assert_true(file_exists(link));
    assert_false(file_is_folder(link));
    assert_false(file_exists(missing));
    assert_false(file_is_folder(missing));
}

static void test_file__removes_a_tree_without_following_links(void **state)
{
    struct error err = { 0 };
    char *tree OWNED(memory_release) = below(state, "tree");
    char *deep OWNED(memory_release) = below(state, "tree/deep");
    char *file OWNED(memory_release) = below(state, "tree/deep/a");
    char *link OWNED(memory_release) = below(state, "tree/link");
    char *outside OWNED(memory_release) = below(state, "outside");
    char *kept OWNED(memory_release) = below(state, "outside/kept");
    assert_int_equal(file_make_folder(tree, &err), STATUS_OK);
    assert_int_equal(file_make_folder(deep, &err), STATUS_OK);
    assert_int_equal(file_make_folder(outside, &err), STATUS_OK);
    write_file(file, "x");
    write_file(kept, "kept");
    assert_int_equal(symlink("../outside", link), 0);

    assert_int_equal(file_remove_tree(tree, &err), STATUS_OK);
    assert_false(file_exists(tree));
    assert_holds(kept, "kept");
    assert_int_equal(file_remove_tree(tree, &err), STATUS_OK); // not there is no error
    assert_int_equal(file_remove_tree(kept, &err), STATUS_OK); // one file
    assert_false(file_exists(kept));
}

static void test_file__locks_a_folder_for_one(void **state)
{
    struct error err = { 0 };
    struct file_lock first OWNED(file_lock_release) = FILE_LOCK_NONE;
    struct file_lock second OWNED(file_lock_release) = FILE_LOCK_NONE;
    assert_int_equal(file_lock_acquire(&first, *state, 0, &err), STATUS_OK);
    assert_int_equal(file_lock_acquire(&second, *state, 0, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "locked");
    assert_int_equal(second.fd, -1);
    file_lock_release(&first);
    assert_int_equal(file_lock_acquire(&second, *state, 0, &err), STATUS_OK);
}

static void test_file__loses_the_lock_of_a_dead_process(void **state)
{
    struct error err = { 0 };
    pid_t child = fork();
    if (child == 0) {
        struct file_lock lock = FILE_LOCK_NONE;
        _exit(file_lock_acquire(&lock, *state, 0, &err) == STATUS_OK ? 0 : 1);
    }
    int exit_status = -1;
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    assert_int_equal(exit_status, 0);
    struct file_lock lock OWNED(file_lock_release) = FILE_LOCK_NONE;
    assert_int_equal(file_lock_acquire(&lock, *state, 0, &err), STATUS_OK);
}

static void test_file__cannot_lock_what_is_no_folder(void **state)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(state, "missing");
    struct file_lock lock OWNED(file_lock_release) = FILE_LOCK_NONE;
    assert_int_equal(file_lock_acquire(&lock, path, 0, &err), STATUS_IO);
    assert_int_equal(lock.fd, -1);
}

#define in_a_folder(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file__reads_a_pipe_to_its_end_within_the_limit),
        in_a_folder(test_file__reads_up_to_its_limit),
        in_a_folder(test_file__reads_an_empty_file),
        in_a_folder(test_file__tells_missing_from_irregular),
        in_a_folder(test_file__replaces_atomically_and_leaves_nothing_behind),
        in_a_folder(test_file__keeps_the_old_file_when_it_cannot_replace),
        in_a_folder(test_file__says_why_it_cannot_write),
        in_a_folder(test_file__makes_a_folder_once),
        in_a_folder(test_file__sees_links_as_there_even_when_they_dangle),
        in_a_folder(test_file__removes_a_tree_without_following_links),
        in_a_folder(test_file__locks_a_folder_for_one),
        in_a_folder(test_file__loses_the_lock_of_a_dead_process),
        in_a_folder(test_file__cannot_lock_what_is_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
