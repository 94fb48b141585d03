// The names in a folder.
#include "unit/store/store_fixture.h"

#include "store/folder_names.h"

static void test_folder_names__knows_which_go_together(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct folder_names names OWNED(folder_names_release) = { 0 };
    char *path OWNED(memory_release) = NULL;
    assert_ok(file_join(&path, fixture->folder, "names", &err));
    assert_ok(folder_names_read(&names, path, &err));
    assert_int_equal(names.count, 0);
    assert_false(folder_names_has(&names, "a", 1, ""));
    assert_runs(fixture, "mkdir names && cd names && touch b.idx a.pack a.idx");
    assert_ok(folder_names_read(&names, path, &err));
    assert_int_equal(names.count, 5); // with "." and ".."
    assert_string_equal(names.items[2], "a.idx");
    assert_true(folder_names_has(&names, "a.idx", 1, ".pack"));
    assert_false(folder_names_has(&names, "b.idx", 1, ".pack"));
    assert_true(folder_names_has(&names, "b.idx", 5, ""));
    char far[300];
    memset(far, 'x', sizeof(far));
    assert_false(folder_names_has(&names, far, sizeof(far), ".pack"));
}

static void test_folder_names__cuts_a_suffix(void **state)
{
    (void)state;
    assert_int_equal(folder_names_stem("a.idx", ".idx"), 1);
    assert_int_equal(folder_names_stem("a.idxx", ".idx"), 0);
    assert_int_equal(folder_names_stem(".idx", ".idx"), 0);
    assert_int_equal(folder_names_stem("x", ".idx"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_folder_names__knows_which_go_together),
        cmocka_unit_test(test_folder_names__cuts_a_suffix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
