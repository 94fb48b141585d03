// Trees, read: look-ups, listings, and what differs between two, against a comparison by brute
// force.
#include "unit/store/store_fixture.h"

#include "store/tree.h"

static const struct oid none;

static struct oid put_text(struct writer *writer, const char *text)
{
    struct error err = { 0 };
    struct oid oid;
    assert_ok(writer_put_blob(writer, text, strlen(text), &oid, &err));
    return oid;
}

static enum status note_entry(void *context, const struct tree_entry *entry, struct error *err)
{
    (void)err;
    buffer_append_format(context, "%s%s ", entry->name, entry->is_tree ? "/" : "");
    return STATUS_OK;
}

static void test_tree__finds_and_lists(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_text(writer, "x");
    struct oid tree;
    struct oid found;
    bool is_tree = false;
    struct writer_change put[] = { { "prompt/a/draft.json", blob, false },
                                   { "prompt/a.b", blob, false } };
    assert_ok(writer_put_tree(writer, &none, put, 2, &tree, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(tree_find(fixture->store, &tree, "prompt/a/draft.json", &found, &is_tree, &err));
    assert_memory_equal(&found, &blob, sizeof(blob));
    assert_false(is_tree);
    assert_ok(tree_find(fixture->store, &tree, "prompt", &found, &is_tree, &err));
    assert_true(is_tree);
    struct buffer list OWNED(buffer_release) = { 0 };
    assert_ok(tree_each(fixture->store, &found, note_entry, &list, &err));
    assert_string_equal(buffer_text(&list), "a.b a/ ");
    static const char *const absent[] = { "x", "prompt/b", "prompt/a/draft.json/x",
                                          "prompt/a/draft" };
    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        assert_ok(tree_find(fixture->store, &tree, absent[i], &found, &is_tree, &err));
        assert_true(oid_is_none(&found));
        assert_false(is_tree);
    }
    assert_ok(tree_find(fixture->store, &none, "prompt", &found, &is_tree, &err));
    assert_true(oid_is_none(&found));
    struct oid missing = { { 1 } };
    assert_int_equal(tree_find(fixture->store, &missing, "a", &found, &is_tree, &err),
                     STATUS_DAMAGED);
    assert_int_equal(tree_each(fixture->store, &blob, note_entry, &list, &err), STATUS_DAMAGED);
}

static void test_tree__a_folder_that_is_gone_is_damage_and_not_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change gone = { "prompt", { { 1 } }, true };
    struct oid tree;
    struct oid found;
    bool is_tree;
    assert_ok(writer_put_tree(writer, &none, &gone, 1, &tree, &err));
    assert_ok(writer_flush(writer, &err));
    assert_int_equal(tree_find(fixture->store, &tree, "prompt/a", &found, &is_tree, &err),
                     STATUS_DAMAGED);
    assert_ok(tree_find(fixture->store, &tree, "tool/a", &found, &is_tree, &err));
    assert_true(oid_is_none(&found));
}

#define PLACES 60
struct registry {
    int version[PLACES]; // 0: not there
};

// Up to four segments; none a folder of another.
static void place_of(char out[64], int i)
{
    static const char *const form[] = { "prompt/p%d", "tool/ns-%2$d/t%1$d",
                                        "knowledge/a/b%2$d/k%1$d", "prompt/x/y/z/q%d" };
    snprintf(out, 64, form[i % 4], i, i % 7);
}

static struct oid put_registry(struct fixture *fixture, const struct registry *registry)
{
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change changes[2 * PLACES];
    char paths[2 * PLACES][96];
    size_t count = 0;
    for (int i = 0; i < PLACES; i++) {
        char place[64];
        char text[16];
        if (!registry->version[i])
            continue;
        place_of(place, i);
        snprintf(text, sizeof(text), "%d", registry->version[i]);
        snprintf(paths[count], sizeof(paths[count]), "%s/state.json", place);
        changes[count] = (struct writer_change) { paths[count], put_text(writer, text), false };
        count++;
        // Below a marked folder: another marker, which is content and not to be entered.
        snprintf(paths[count], sizeof(paths[count]), "%s/stable/state.json", place);
        changes[count] = (struct writer_change) { paths[count], put_text(writer, text), false };
        count++;
    }
    struct oid tree;
    assert_ok(writer_put_tree(writer, &none, changes, count, &tree, &err));
    assert_ok(writer_flush(writer, &err));
    return count == 0 ? none : tree;
}

struct expectation {
    struct fixture *fixture;
    struct oid before;
    struct oid after;
    const struct registry *old;
    const struct registry *new;
    bool seen[PLACES];
};

static enum status check_change(void *context, const char *path, const struct oid *before,
                                const struct oid *after, struct error *err)
{
    struct expectation *expected = context;
    int i = 0;
    char place[64];
    for (place_of(place, i); i < PLACES && strcmp(place, path) != 0;)
        place_of(place, ++i);
    assert_in_range(i, 0, PLACES - 1);
    assert_false(expected->seen[i]);
    expected->seen[i] = true;
    struct oid found;
    bool is_tree;
    TRY(tree_find(expected->fixture->store, &expected->before, path, &found, &is_tree, err));
    assert_memory_equal(&found, before, sizeof(found));
    TRY(tree_find(expected->fixture->store, &expected->after, path, &found, &is_tree, err));
    assert_memory_equal(&found, after, sizeof(found));
    return STATUS_OK;
}

static void assert_changes(struct fixture *fixture, const struct registry *old,
                           const struct registry *new)
{
    struct error err = { 0 };
    struct expectation expected = { .fixture = fixture, .old = old, .new = new };
    expected.before = put_registry(fixture, old);
    expected.after = put_registry(fixture, new);
    assert_ok(tree_each_change(fixture->store, &expected.before, &expected.after, "state.json",
                               check_change, &expected, &err));
    for (int i = 0; i < PLACES; i++)
        assert_int_equal(expected.seen[i], old->version[i] != new->version[i]);
}

static void test_tree__differs_exactly_where_brute_force_says(void **state)
{
    struct registry old = { { 0 } };
    struct registry empty = { { 0 } };
    srand(11);
    for (int round = 0; round < 30; round++) {
        struct registry new = old;
        int changes = round % 10 == 0 ? PLACES : rand() % 8;
        for (int n = 0; n < changes; n++)
            new.version[rand() % PLACES] = rand() % 3 ? 1 + rand() % 9 : 0;
        assert_changes(*state, &old, &new);
        assert_changes(*state, &new, &old);
        if (round % 10 == 0)
            assert_changes(*state, &empty, &new);
        old = new;
    }
}

static enum status note_change(void *context, const char *path, const struct oid *before,
                               const struct oid *after, struct error *err)
{
    (void)err;
    buffer_append_format(context, "%s%s%s ", path, oid_is_none(before) ? "" : "-",
                         oid_is_none(after) ? "" : "+");
    return STATUS_OK;
}

// An artifact's place may become a folder of others, once it is gone.
static void test_tree__a_name_may_become_a_folder_of_others(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob = put_text(writer, "x");
    struct oid before;
    struct oid after;
    struct writer_change one = { "prompt/a/state.json", blob, false };
    struct writer_change two[] = { { "prompt/a/b/state.json", blob, false },
                                   { "prompt/a/c/state.json", blob, false } };
    assert_ok(writer_put_tree(writer, &none, &one, 1, &before, &err));
    assert_ok(writer_put_tree(writer, &none, two, 2, &after, &err));
    assert_ok(writer_flush(writer, &err));
    struct buffer list OWNED(buffer_release) = { 0 };
    assert_ok(
        tree_each_change(fixture->store, &before, &after, "state.json", note_change, &list, &err));
    assert_string_equal(buffer_text(&list), "prompt/a- prompt/a/b+ prompt/a/c+ ");
    buffer_truncate(&list, 0);
    assert_ok(
        tree_each_change(fixture->store, &after, &before, "state.json", note_change, &list, &err));
    assert_string_equal(buffer_text(&list), "prompt/a+ prompt/a/b- prompt/a/c- ");
}

static void test_tree__a_comparison_without_end_is_damage(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change deep = { "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18",
                                  put_text(writer, "x"), false };
    struct oid tree;
    struct buffer list OWNED(buffer_release) = { 0 };
    assert_ok(writer_put_tree(writer, &none, &deep, 1, &tree, &err));
    assert_ok(writer_flush(writer, &err));
    assert_int_equal(
        tree_each_change(fixture->store, &none, &tree, "state.json", note_change, &list, &err),
        STATUS_DAMAGED);
    assert_string_equal(err.code, "tree_too_deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_tree__finds_and_lists),
        ON_STORE(test_tree__a_folder_that_is_gone_is_damage_and_not_nothing),
        ON_STORE(test_tree__differs_exactly_where_brute_force_says),
        ON_STORE(test_tree__a_name_may_become_a_folder_of_others),
        ON_STORE(test_tree__a_comparison_without_end_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
