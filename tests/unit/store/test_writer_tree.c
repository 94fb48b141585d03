// Trees changed path by path, against a model and stock git.
#include "unit/store/store_fixture.h"

#include "store/tree.h"

static const struct oid none;

// What a tree should hold: paths of files, as a set. Blob N is the text "N".
#define MODEL_PATHS 400
struct model {
    int blob[MODEL_PATHS]; // 0: not there
};

// Names whose order depends on what sorts before '/'; no path is a folder of another.
static void path_of(char out[64], int i)
{
    static const char *const first[] = { "a", "a-b", "a.b", "a0", "B", "zz" };
    static const char *const second[] = { "x", "x-", "x.json", "y" };
    snprintf(out, 64, "%s/%s/f%s%d", first[i % 6], second[i / 6 % 4], i % 2 ? "-" : "", i);
}

static struct oid put_number(struct writer *writer, int number)
{
    struct error err = { 0 };
    struct oid oid;
    char text[16];
    int length = snprintf(text, sizeof(text), "%d", number);
    assert_ok(writer_put_blob(writer, text, (size_t)length, &oid, &err));
    return oid;
}

// `git ls-tree -r` and the contents agree with the model, and no folder is empty.
static void assert_holds(struct fixture *fixture, const struct oid *tree, const struct model *model)
{
    struct buffer expected OWNED(buffer_release) = { 0 };
    struct buffer command OWNED(buffer_release) = { 0 };
    char text[OID_TEXT_BYTES];
    for (int i = 0; i < MODEL_PATHS; i++)
        if (model->blob[i]) {
            char path[64];
            path_of(path, i);
            buffer_append_format(&expected, "%s %d\n", path, model->blob[i]);
        }
    oid_format(tree, text);
    struct error err = { 0 };
    char *file OWNED(memory_release) = NULL;
    assert_ok(file_join(&file, fixture->folder, "expected", &err));
    assert_ok(file_write_atomic(file, buffer_text(&expected), expected.length, 0644, &err));
    buffer_append_format(
        &command,
        "LC_ALL=C sort expected > sorted;"
        " $G ls-tree -r --format='%%(objectname) %%(path)' %s > listed;"
        " cut -d' ' -f1 listed | $G cat-file --batch | awk 'NR%%2==0' > contents;"
        " cut -d' ' -f2 listed | paste -d' ' - contents | LC_ALL=C sort | diff - sorted;"
        " ! $G ls-tree -rt %s | grep 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        text, text);
    assert_runs(fixture, buffer_text(&command));
}

static struct oid change(struct writer *writer, const struct oid *base, struct model *model,
                         int count)
{
    struct error err = { 0 };
    struct writer_change changes[MODEL_PATHS];
    char paths[MODEL_PATHS][64];
    bool changed[MODEL_PATHS] = { false };
    size_t used = 0;
    for (int n = 0; n < count; n++) {
        int i = rand() % MODEL_PATHS;
        if (changed[i])
            continue;
        changed[i] = true;
        model->blob[i] = rand() % 3 ? 1 + rand() % 50 : 0;
        path_of(paths[used], i);
        changes[used] = (struct writer_change) { .path = paths[used] };
        if (model->blob[i])
            changes[used].oid = put_number(writer, model->blob[i]);
        used++;
    }
    struct oid tree = none;
    assert_ok(writer_put_tree(writer, base, changes, used, &tree, &err));
    return tree;
}

static void test_writer_tree__random_changes_give_what_they_say(void **state)
{
    struct fixture *fixture = *state;
    static const int counts[] = { 1, 300, 1, 7, 40, 0, 399, 2 };
    struct model model = { { 0 } };
    struct oid tree = none;
    srand(7);
    for (size_t round = 0; round < COUNT_OF(counts); round++) {
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        tree = change(writer, &tree, &model, counts[round]);
        tree = change(writer, &tree, &model, counts[round]); // on a tree that is not written yet
        commit_tree(fixture, writer, &tree, "refs/heads/drafts");
        assert_holds(fixture, &tree, &model);
    }
    assert_sound(fixture);
}

static void test_writer_tree__leaves_no_empty_folder(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_number(writer, 1);
    struct oid tree;
    struct writer_change put[] = { { "a/b/c", blob, false }, { "d", blob, false } };
    assert_ok(writer_put_tree(writer, &none, put, 2, &tree, &err));
    struct writer_change take[] = { { "a/b/c", none, false }, { "x/y", none, false } };
    assert_ok(writer_put_tree(writer, &tree, take, 2, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G ls-tree -rt --name-only drafts", "d\n");
    struct writer_change last[] = { { "d", none, false } };
    assert_ok(writer_put_tree(writer, &tree, last, 1, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G rev-parse drafts^{tree}",
                  "4b825dc642cb6eb9a060e54bf8d69288fbee4904\n");
    assert_sound(fixture);
}

static void test_writer_tree__replaces_a_folder_by_a_folder(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_number(writer, 1);
    struct oid inner;
    struct oid tree;
    struct writer_change files[] = { { "x", blob, false }, { "y", blob, false } };
    assert_ok(writer_put_tree(writer, &none, files, 2, &inner, &err));
    struct writer_change put[] = { { "k/a/content", inner, true },
                                   { "k/a/draft.json", blob, false },
                                   { "k/a.b", blob, false },
                                   { "k/a-b/content", inner, true } };
    assert_ok(writer_put_tree(writer, &none, put, COUNT_OF(put), &tree, &err));
    struct writer_change only_x[] = { { "y", none, false } };
    assert_ok(writer_put_tree(writer, &inner, only_x, 1, &inner, &err));
    struct writer_change again[] = { { "k/a/content", inner, true } };
    assert_ok(writer_put_tree(writer, &tree, again, 1, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G ls-tree -r --name-only drafts",
                  "k/a-b/content/x\nk/a-b/content/y\nk/a.b\nk/a/content/x\nk/a/draft.json\n");
    // A folder's place can be taken by a file, and the reverse.
    struct writer_change swap[] = { { "k/a", blob, false }, { "k/a.b", inner, true } };
    assert_ok(writer_put_tree(writer, &tree, swap, 2, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G ls-tree -r --name-only drafts",
                  "k/a\nk/a-b/content/x\nk/a-b/content/y\nk/a.b/x\n");
    assert_sound(fixture);
}

static void test_writer_tree__refuses_paths_that_do_not_go_together(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_number(writer, 1);
    struct oid tree = none;
    struct writer_change overlap[] = { { "a/b", blob, false },
                                       { "a-", blob, false },
                                       { "a", blob, true } };
    assert_int_equal(writer_put_tree(writer, &none, overlap, 3, &tree, &err), STATUS_INVALID);
    assert_string_equal(err.code, "paths_overlap");
    struct writer_change twice[] = { { "a/b", blob, false }, { "a/b", blob, false } };
    assert_int_equal(writer_put_tree(writer, &none, twice, 2, &tree, &err), STATUS_INVALID);
    static const char *const bad[] = { "", "/a", "a//b", "a/", "./a", "a/../b", "a/.GIT/b" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct writer_change change_bad = { bad[i], blob, false };
        assert_int_equal(writer_put_tree(writer, &none, &change_bad, 1, &tree, &err),
                         STATUS_REFUSED);
    }
    struct writer_change file = { "a", blob, false };
    struct writer_change below[] = { { "a/b", blob, false }, { "a/c", none, false } };
    assert_true(oid_is_none(&tree));
    assert_ok(writer_put_tree(writer, &none, &file, 1, &tree, &err));
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        struct oid out = none;
        assert_int_equal(writer_put_tree(writer, &tree, &below[i], 1, &out, &err), STATUS_CONFLICT);
        assert_string_equal(err.code, "path_taken");
        assert_true(oid_is_none(&out));
    }
}

static void test_writer_tree__says_that_its_base_is_missing_or_no_tree(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_number(writer, 1);
    struct oid absent = { { 1 } };
    struct oid out;
    struct writer_change file = { "a", blob, false };
    assert_int_equal(writer_put_tree(writer, &absent, &file, 1, &out, &err), STATUS_DAMAGED);
    assert_int_equal(writer_put_tree(writer, &blob, &file, 1, &out, &err), STATUS_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_writer_tree__random_changes_give_what_they_say),
        ON_STORE(test_writer_tree__leaves_no_empty_folder),
        ON_STORE(test_writer_tree__replaces_a_folder_by_a_folder),
        ON_STORE(test_writer_tree__refuses_paths_that_do_not_go_together),
        ON_STORE(test_writer_tree__says_that_its_base_is_missing_or_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
