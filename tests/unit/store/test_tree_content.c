// Content read out of a tree, and carried from store to store.
#include "unit/store/store_fixture.h"

#include "store/tree.h"
#include "store/tree_content.h"

static void assert_file(const struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    struct content_file *file = content_find(content, path);
    assert_non_null(file);
    assert_ok(content_view(&view, file, &err));
    assert_int_equal(view.size_bytes, strlen(text));
    assert_memory_equal(view.bytes, text, strlen(text));
}

static struct oid put_sample(struct fixture *fixture)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    fill_content(&content, "artifact.json", "{}", "a/x", "one", "a.b", "", "a-b/c/d", "one", NULL);
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    return tree;
}

static void test_tree_content__gives_back_what_was_put(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_sample(fixture);
    struct content content OWNED(content_release) = { 0 };
    assert_ok(tree_content_read(fixture->store, &tree, &content, &err));
    assert_int_equal(content.count, 4);
    assert_int_equal(content.total_bytes, 8);
    assert_string_equal(content.files[0].path, "a-b/c/d"); // bytewise, not as git lists it
    assert_file(&content, "artifact.json", "{}");
    assert_file(&content, "a/x", "one");
    assert_file(&content, "a.b", "");
    assert_file(&content, "a-b/c/d", "one");
    // Two views at once, given back out of order.
    struct content_view first;
    struct content_view second;
    assert_ok(content_view(&first, content_find(&content, "a/x"), &err));
    assert_ok(content_view(&second, content_find(&content, "a-b/c/d"), &err));
    content_view_release(&first);
    assert_memory_equal(second.bytes, "one", 3);
    content_view_release(&second);
}

static void test_tree_content__is_carried_to_another_store(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_sample(fixture);
    static const char *const sources[] = { ":", "mv $S/objects/pack/*.pack . && rm"
                                                " $S/objects/pack/* && for p in *.pack;"
                                                " do $G unpack-objects -q < $p; done" };
    for (size_t i = 0; i < COUNT_OF(sources); i++) { // packed, then loose
        struct fixture *other = NULL;
        struct store *from OWNED(store_release) = NULL;
        struct content content OWNED(content_release) = { 0 };
        struct oid carried;
        assert_runs(fixture, sources[i]);
        assert_int_equal(make_store((void **)&other), 0);
        assert_ok(store_open(&from, fixture->path, NULL, &err));
        assert_ok(tree_content_read(from, &tree, &content, &err));
        struct writer *writer = new_writer(other);
        assert_ok(writer_put_content(writer, &content, &carried, &err));
        assert_memory_equal(&carried, &tree, sizeof(tree));
        commit_tree(other, writer, &carried, "refs/heads/live");
        writer_release(&writer);
        assert_sound(other);
        // Not the commit, nor anything else of the other store.
        assert_prints(other, "$G count-objects -v | grep in-pack", "in-pack: 8\n");
        assert_int_equal(remove_store((void **)&other), 0);
    }
}

static void test_tree_content__names_blobs_of_trees_alone(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_sample(fixture);
    struct oid blob;
    struct oid found;
    bool is_tree;
    struct content content OWNED(content_release) = { 0 };
    assert_ok(tree_content_read(fixture->store, &tree, &content, &err));
    assert_true(tree_content_blob(content_find(&content, "a/x"), &blob));
    assert_ok(tree_find(fixture->store, &tree, "a/x", &found, &is_tree, &err));
    assert_memory_equal(&blob, &found, sizeof(blob));
    struct content other OWNED(content_release) = { 0 };
    fill_content(&other, "a/x", "one", NULL);
    assert_false(tree_content_blob(&other.files[0], &blob));
}

// So much that not all of it is kept in memory: the last files are read anew for each view.
static void test_tree_content__more_than_it_keeps_is_read_again(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct content again OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    static const size_t sizes[] = { 48U << 20, 1000, 1000, 0 };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char *bytes OWNED(memory_release) = NULL;
        char name[] = { (char)('a' + i), '\0' };
        assert_ok(memory_new(&bytes, sizes[i] + 1, 1, &err));
        memset(bytes, name[0], sizes[i]);
        assert_ok(content_add_bytes(&content, name, bytes, sizes[i], &err));
    }
    assert_ok(content_seal(&content, &err));
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(tree_content_read(fixture->store, &tree, &again, &err));
    for (int round = 0; round < 2; round++) {
        struct content_view views[COUNT_OF(sizes)];
        for (size_t i = 0; i < COUNT_OF(sizes); i++)
            assert_ok(content_view(&views[i], &again.files[i], &err));
        content_view_release(&views[1]);
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            if (i == 1)
                continue;
            assert_int_equal(views[i].size_bytes, sizes[i]);
            assert_true(sizes[i] == 0 || (views[i].bytes[0] == 'a' + (char)i &&
                                          views[i].bytes[sizes[i] - 1] == 'a' + (char)i));
            content_view_release(&views[i]);
        }
    }
    assert_prints(fixture, "find $S/objects -name '*.pack' | wc -l", "1\n");
}

static void test_tree_content__takes_plain_files_alone(void **state)
{
    struct fixture *fixture = *state;
    static const char *const entries[] = { "100755 blob", "120000 blob", "160000 commit" };
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        struct error err = { 0 };
        struct buffer command OWNED(buffer_release) = { 0 };
        struct buffer hex OWNED(buffer_release) = { 0 };
        struct oid tree;
        struct content content OWNED(content_release) = { 0 };
        buffer_append_format(&command,
                             "a=$(printf x | $G hash-object -w --stdin); b=%s;"
                             " printf '100644 blob %%s\\ta\\n%s %%s\\tb\\n' $a $b |"
                             " $G mktree --missing | tr -d '\\n'",
                             i < 2 ? "$a" : "1234567890123456789012345678901234567890", entries[i]);
        assert_int_equal(run(fixture, &hex, command.bytes), 0);
        assert_ok(oid_parse(&tree, buffer_text(&hex), &err));
        assert_int_equal(tree_content_read(fixture->store, &tree, &content, &err), STATUS_DAMAGED);
        assert_string_equal(err.code, "tree_malformed");
    }
}

static void test_tree_content__says_what_is_missing(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct oid absent = { { 1 } };
    assert_int_equal(tree_content_read(fixture->store, &absent, &content, &err), STATUS_DAMAGED);
    struct buffer hex OWNED(buffer_release) = { 0 };
    struct oid tree;
    struct content second OWNED(content_release) = { 0 };
    assert_int_equal(run(fixture, &hex,
                         "printf '100644 blob 1234567890123456789012345678901234567890\\tdocs\\n' |"
                         " $G mktree --missing | tr -d '\\n'"),
                     0);
    assert_ok(oid_parse(&tree, buffer_text(&hex), &err));
    assert_int_equal(tree_content_read(fixture->store, &tree, &second, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.message, "docs"));
}

// So many that they are read side by side.
#define MANY 400

static struct oid put_many(struct fixture *fixture)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    for (int i = 0; i < MANY; i++) {
        char path[16];
        snprintf(path, sizeof(path), "docs/%03d", i);
        assert_ok(content_add_bytes(&content, path, path, strlen(path), &err));
    }
    assert_ok(content_seal(&content, &err));
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    return tree;
}

static void test_tree_content__many_files_are_held_side_by_side(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_many(fixture);
    struct content content OWNED(content_release) = { 0 };
    assert_ok(tree_content_read(fixture->store, &tree, &content, &err));
    assert_ok(content_hold(&content, &err));
    assert_int_equal(content.count, MANY);
    assert_true(content_is_held(&content));
    for (size_t i = 0; i < content.count; i++) // each holds its own path
        assert_file(&content, content.files[i].path, content.files[i].path);
}

// One object in the midst of a pack is damaged: whoever holds all of them learns of it.
static void test_tree_content__one_bad_object_among_many_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_many(fixture);
    struct content content OWNED(content_release) = { 0 };
    assert_runs(fixture, "cd $S/objects/pack && at=$(git verify-pack -v *.idx |"
                         " awk -v id=$($G rev-parse drafts:docs/123) '$1 == id { print $5 }') &&"
                         " chmod u+w *.pack && printf '\\377\\377' |"
                         " dd of=$(echo *.pack) bs=1 seek=$((at + 4)) conv=notrunc");
    struct store *store OWNED(store_release) = NULL;
    assert_ok(store_open(&store, fixture->path, sha1_stream_new, &err));
    assert_ok(tree_content_read(store, &tree, &content, &err));
    assert_int_equal(content_hold(&content, &err), STATUS_DAMAGED);
    assert_false(content_is_held(&content));
    content_release(&content); // before its store
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_tree_content__gives_back_what_was_put),
        ON_STORE(test_tree_content__is_carried_to_another_store),
        ON_STORE(test_tree_content__names_blobs_of_trees_alone),
        ON_STORE(test_tree_content__more_than_it_keeps_is_read_again),
        ON_STORE(test_tree_content__takes_plain_files_alone),
        ON_STORE(test_tree_content__says_what_is_missing),
        ON_STORE(test_tree_content__many_files_are_held_side_by_side),
        ON_STORE(test_tree_content__one_bad_object_among_many_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
