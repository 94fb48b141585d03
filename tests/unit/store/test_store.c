// The handle: making and opening a repository, also from many threads at once.
#include "unit/store/store_fixture.h"

#include <pthread.h>
#include <sys/stat.h>

static void test_store__makes_a_repository_that_git_takes(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    assert_prints(fixture, "$G rev-parse --is-bare-repository", "true\n");
    assert_sound(fixture);
    assert_string_equal(store_path(fixture->store), fixture->path);
    assert_int_equal(store_create(fixture->path, &err), STATUS_CONFLICT);
}

static void test_store__says_what_it_cannot_open(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct store *store = NULL;
    char *absent OWNED(memory_release) = NULL;
    assert_ok(file_join(&absent, fixture->folder, "absent.git", &err));
    assert_int_equal(store_open(&store, absent, NULL, &err), STATUS_NOT_FOUND);
    assert_int_equal(mkdir(absent, 0777), 0);
    assert_int_equal(store_open(&store, absent, NULL, &err), STATUS_NOT_FOUND);
    assert_runs(fixture, "echo '[core' > $S/config");
    assert_int_equal(store_open(&store, fixture->path, NULL, &err), STATUS_DAMAGED);
    assert_null(store);
}

static void test_store__opened_for_reading_has_no_writer(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct store *store OWNED(store_release) = NULL;
    struct writer *writer = NULL;
    assert_ok(store_open(&store, fixture->path, NULL, &err));
    assert_int_equal(writer_new(&writer, store, &err), STATUS_IO);
    assert_string_equal(err.code, "read_only");
}

static void *open_often(void *path)
{
    struct error err = { 0 };
    size_t failures = 0;
    for (int i = 0; i < 20; i++) {
        struct store *store OWNED(store_release) = NULL;
        failures += store_open(&store, path, sha1_stream_new, &err) != STATUS_OK;
    }
    return (void *)failures;
}

static void test_store__is_opened_by_many_threads_at_once(void **state)
{
    struct fixture *fixture = *state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_often, fixture->path), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failures = NULL;
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
}

// A person's settings must not change what is stored or refused: all tests here run in a home whose
// configuration would fail every open.
static int make_home(void **state)
{
    struct error err = { 0 };
    struct buffer path OWNED(buffer_release) = { 0 };
    char form[] = "/tmp/greenroom-home-XXXXXX";
    if (!mkdtemp(form))
        return -1;
    *state = strdup(form);
    buffer_append_format(&path, "%s/.gitconfig", form);
    return file_write_atomic(path.bytes, "[broken", 7, 0644, &err) == STATUS_OK &&
                   setenv("HOME", form, 1) == 0 && unsetenv("XDG_CONFIG_HOME") == 0
               ? 0
               : -1;
}

static int remove_home(void **state)
{
    struct error err = { 0 };
    enum status status = file_remove_tree(*state, &err);
    free(*state);
    return status == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_store__makes_a_repository_that_git_takes),
        ON_STORE(test_store__says_what_it_cannot_open),
        ON_STORE(test_store__opened_for_reading_has_no_writer),
        ON_STORE(test_store__is_opened_by_many_threads_at_once),
    };
    return cmocka_run_group_tests(tests, make_home, remove_home);
}
