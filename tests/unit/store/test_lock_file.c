// Replacing a file by git's lock protocol.
#include "unit/store/store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/lock_file.h"

// A file in the fixture's folder.
static char *below(struct fixture *fixture, const char *name)
{
    struct error err = { 0 };
    char *path = NULL;
    assert_ok(file_join(&path, fixture->folder, name, &err));
    return path;
}

static void leave_lock(const char *path, time_t age_s)
{
    struct error err = { 0 };
    assert_ok(file_write_atomic(path, "half", 4, 0644, &err));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct timespec times[2] = { { now.tv_sec - age_s, 0 }, { now.tv_sec - age_s, 0 } };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_lock_file__replaces_the_whole_file(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(fixture, "file");
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    assert_runs(fixture, "echo a long old text > file");
    assert_ok(lock_file_take(&lock, path, &err));
    assert_runs(fixture, "test -e file.lock");
    assert_ok(lock_file_commit(&lock, "new\n", 4, &err));
    lock_file_release(&lock);
    assert_prints(fixture, "ls file* && cat file", "file\nnew\n");
}

static void test_lock_file__given_up_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(fixture, "file");
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    assert_runs(fixture, "echo old > file");
    assert_ok(lock_file_take(&lock, path, &err));
    lock_file_release(&lock);
    assert_prints(fixture, "ls file* && cat file", "file\nold\n");
}

static void test_lock_file__breaks_a_lock_that_was_left_behind(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(fixture, "file");
    char *lock_path OWNED(memory_release) = below(fixture, "file.lock");
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    leave_lock(lock_path, 60);
    int64_t begin_ms = clock_monotonic_ms();
    assert_ok(lock_file_take(&lock, path, &err));
    assert_true(clock_monotonic_ms() - begin_ms < LOCK_FILE_STALE_MS);
    assert_ok(lock_file_commit(&lock, "new\n", 4, &err));
    assert_prints(fixture, "ls file* && cat file", "file\nnew\n");
}

// Adds 1 to the number in a file, many times, each under the lock.
static enum status count_up(const char *path, int times, struct error *err)
{
    for (int i = 0; i < times; i++) {
        struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
        struct buffer text OWNED(buffer_release) = { 0 };
        TRY(lock_file_take(&lock, path, err));
        TRY(file_read(&text, path, 100, err));
        long number = strtol(buffer_text(&text), NULL, 10);
        buffer_truncate(&text, 0);
        buffer_append_format(&text, "%ld\n", number + 1);
        TRY(lock_file_commit(&lock, text.bytes, text.length, err));
    }
    return STATUS_OK;
}

static void test_lock_file__leaves_a_fresh_lock_to_its_holder(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(fixture, "file");
    assert_runs(fixture, "echo 0 > file");
    pid_t child = fork();
    if (child == 0)
        _exit(count_up(path, 200, &err) == STATUS_OK ? 0 : 1);
    assert_ok(count_up(path, 200, &err));
    int code = -1;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    assert_prints(fixture, "cat file", "400\n");
}

static void test_lock_file__needs_its_folder(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    char *path OWNED(memory_release) = below(fixture, "absent/file");
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    assert_int_equal(lock_file_take(&lock, path, &err), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_lock_file__replaces_the_whole_file),
        ON_STORE(test_lock_file__given_up_changes_nothing),
        ON_STORE(test_lock_file__breaks_a_lock_that_was_left_behind),
        ON_STORE(test_lock_file__leaves_a_fresh_lock_to_its_holder),
        ON_STORE(test_lock_file__needs_its_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
