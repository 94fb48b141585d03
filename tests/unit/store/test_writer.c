// A write in progress: content, commits and tags as stock git reads them; all or nothing.
#include "unit/store/store_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "store/object.h"
#include "store/pack.h"
#include "store/tree.h"

static const struct oid none;

static void test_writer__content_is_what_git_lists(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    // Bytewise and git's order differ for "a" and "a.b", "a-b"; two files are alike, two empty.
    fill_content(&content, "artifact.json", "{}\n", "a/x", "1", "a.b", "2", "a-b/x", "2", "a0", "",
                 "z/y/x/w", "", "\xc3\xa4 b/c", "utf-8", NULL);
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture,
                  "$G -c core.quotePath=off ls-tree -r --format='%(objectmode) %(path)' drafts",
                  "100644 a-b/x\n100644 a.b\n100644 a/x\n100644 a0\n100644 artifact.json\n"
                  "100644 z/y/x/w\n100644 \xc3\xa4 b/c\n");
    assert_prints(fixture,
                  "$G cat-file blob drafts:a/x && $G cat-file blob drafts:a-b/x &&"
                  " $G cat-file blob drafts:a0 && $G cat-file blob drafts:artifact.json",
                  "12{}\n");
    assert_sound(fixture);
    // The same tree as git makes of the same files.
    assert_runs(fixture,
                "git init -q w && cd w && git -C $S archive drafts | tar x && git add -A &&"
                " test $(git write-tree) = $(git -C $S rev-parse drafts^{tree})");
}

static void test_writer__what_the_store_has_is_not_written_again(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    static const char *const others[] = { "other", "another", "other" };
    for (size_t round = 0; round < COUNT_OF(others); round++) {
        struct content content OWNED(content_release) = { 0 };
        fill_content(&content, "a", "same", "b", "same", "c/d", others[round], NULL);
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        struct oid tree;
        assert_ok(writer_put_content(writer, &content, &tree, &err));
        assert_ok(writer_flush(writer, &err));
        assert_ok(writer_flush(writer, &err));
    }
    // Two blobs and two trees, then one blob and two trees, then nothing.
    assert_prints(fixture, "$G count-objects -v | grep -E '^(count|in-pack|packs|garbage):'",
                  "count: 0\nin-pack: 7\npacks: 2\ngarbage: 0\n");
}

// Whoever follows up their own write reads what it made; looking for the new pack would cost more.
static void test_writer__what_was_flushed_is_read_without_its_pack(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct buffer bytes OWNED(buffer_release) = { 0 };
    struct oid tree, blob, file, later;
    bool is_tree;
    fill_content(&content, "a", "file", NULL);
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    assert_ok(writer_put_blob(writer, "blob", 4, &blob, &err));
    assert_ok(writer_flush(writer, &err));
    assert_runs(fixture, "mv $S/objects/pack hidden && mkdir $S/objects/pack");
    assert_ok(tree_find(fixture->store, &tree, "a", &file, &is_tree, &err));
    assert_ok(object_read_blob(fixture->store, &blob, 10, &bytes, &err));
    assert_string_equal(buffer_text(&bytes), "blob");
    // The file's bytes were the content's, and are nobody's but the pack's by now.
    assert_int_equal(object_read_blob(fixture->store, &file, 10, &bytes, &err), STATUS_DAMAGED);
    assert_runs(fixture, "rmdir $S/objects/pack && mv hidden $S/objects/pack");
    assert_ok(object_read_blob(fixture->store, &file, 10, &bytes, &err));
    assert_string_equal(buffer_text(&bytes), "blobfile");
    // What comes later is a pack of its own.
    assert_ok(writer_put_blob(writer, "later", 5, &later, &err));
    assert_ok(writer_flush(writer, &err));
    assert_prints(fixture, "$G count-objects -v | grep -E '^(in-pack|packs):'",
                  "in-pack: 4\npacks: 2\n");
}

static void test_writer__takes_folders_64_deep(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct buffer path OWNED(buffer_release) = { 0 };
    for (int i = 0; i < CONTENT_MAX_PATH_SEGMENTS - 1; i++)
        buffer_append_text(&path, "d/");
    buffer_append_text(&path, "f");
    fill_content(&content, path.bytes, "deep", "d/z", "high", NULL);
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    struct buffer command OWNED(buffer_release) = { 0 };
    buffer_append_format(&command, "$G cat-file blob drafts:%s", path.bytes);
    assert_prints(fixture, command.bytes, "deep");
    assert_sound(fixture);
}

static void test_writer__content_may_be_empty(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(content_seal(&content, &err));
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_sound(fixture);
}

static void test_writer__refuses_names_that_git_refuses(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    fill_content(&content, "docs/git~1", "x", NULL);
    assert_int_equal(writer_put_content(writer, &content, &tree, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "name_refused");
}

// What was given up must neither be found later nor be left out by the next writer, even if
// somebody read it meanwhile.
static void test_writer__given_up_leaves_no_trace(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct oid tree;
    struct oid found;
    bool is_tree = false;
    fill_content(&content, "a/b", "1", NULL);
    for (int round = 0; round < 2; round++) {
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        assert_ok(writer_put_content(writer, &content, &tree, &err));
        assert_ok(tree_find(fixture->store, &tree, "a/b", &found, &is_tree, &err));
        assert_false(oid_is_none(&found));
        if (round == 1)
            commit_tree(fixture, writer, &tree, "refs/heads/drafts");
        writer_release(&writer);
        enum status after = tree_find(fixture->store, &tree, "a/b", &found, &is_tree, &err);
        assert_int_equal(after, round == 0 ? STATUS_DAMAGED : STATUS_OK);
        if (round == 0)
            assert_prints(fixture, "find $S/objects -type f", "");
    }
    assert_sound(fixture);
}

static void test_writer__commit_and_tag_texts_are_what_git_takes(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *actor;
        const char *identity;
    } actors[] = {
        { "Dev Person <dev@example.com>", "Dev Person <dev@example.com>" },
        { "dev", "dev <dev>" },
        { "", "unknown <>" },
        { "   <x@y>", "unknown <x@y>" },
        { "Eve <evil> <two@b>", "Eve <evil>" },
        { "A\nparent 0 <a\nb>", "A-parent 0 <a-b>" },
        { "unclosed <a@b", "unclosed <a@b>" },
    };
    for (size_t i = 0; i < COUNT_OF(actors); i++) {
        struct error err = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer command OWNED(buffer_release) = { 0 };
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        struct oid ids[3];
        char hex[OID_TEXT_BYTES];
        assert_ok(writer_put_tree(writer, &none, NULL, 0, &ids[0], &err));
        struct writer_commit commit = { ids[0], none, actors[i].actor, 1700000000 + (int64_t)i,
                                        "subject\n\nOperation: publish" };
        assert_ok(writer_commit_text(&text, &commit, &err));
        assert_ok(writer_put_commit(writer, text.bytes, NULL, &ids[1], &err));
        buffer_truncate(&text, 0);
        struct writer_tag tag = { ids[1], "release/prompt/a/1", actors[i].actor, 1700000000,
                                  "release" };
        assert_ok(writer_tag_text(&text, &tag, &err));
        assert_ok(writer_put_tag(writer, text.bytes, NULL, &ids[2], &err));
        assert_ok(writer_flush(writer, &err));
        oid_format(&ids[2], hex);
        buffer_append_format(
            &command,
            "$G fsck --strict %s > fsck 2>&1 || { cat fsck; exit 1; };"
            " $G cat-file tag %s | sed -n 's/^tagger \\(.*\\) 17.*/\\1/p';"
            " $G show -s --no-decorate --format='%%(trailers:key=Operation)%%s' %s^{}",
            hex, hex, hex);
        struct buffer expected OWNED(buffer_release) = { 0 };
        buffer_append_format(&expected, "%s\nOperation: publish\nsubject\n", actors[i].identity);
        assert_prints(fixture, command.bytes, expected.bytes);
    }
}

static void test_writer__cuts_a_long_name_between_characters(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer actor OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_byte(&actor, 'x');
    for (int i = 0; i < 400; i++)
        buffer_append_text(&actor, "\xc3\xa4");
    struct writer_commit commit = { .actor = actor.bytes, .message = "m" };
    assert_ok(writer_commit_text(&text, &commit, &err));
    const char *author = strstr(text.bytes, "author ");
    size_t name_bytes = (size_t)(strstr(author, " <") - author) - strlen("author ");
    assert_int_equal(name_bytes, 255);
    assert_memory_equal(strstr(author, " <") - 2, "\xc3\xa4", 2);
}

// Content whose bytes can be changed behind the writer's back.
struct changing {
    struct content_source source;
    char bytes[100];
};

static enum status map_changing(struct content_source *source, uint64_t key, uint64_t size_bytes,
                                const void **out_bytes, struct error *err)
{
    (void)key, (void)size_bytes, (void)err;
    *out_bytes = ((struct changing *)source)->bytes;
    return STATUS_OK;
}

static void unmap_changing(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source, (void)bytes, (void)size_bytes;
}

static void free_changing(struct content_source *source)
{
    free(source);
}

static void test_writer__refuses_a_file_that_changes_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct changing *changing = calloc(1, sizeof(*changing));
    assert_non_null(changing);
    changing->source = (struct content_source) { .map = map_changing,
                                                 .unmap = unmap_changing,
                                                 .free = free_changing };
    strncpy(changing->bytes, "before", sizeof(changing->bytes) - 1);
    assert_ok(content_own_source(&content, &changing->source, &err));
    assert_ok(content_add(&content, "c/a.md", 6, &changing->source, 0, &err));
    // Packed before it, and large enough that some of the pack is written and hashed by then.
    char *large OWNED(memory_release) = NULL;
    assert_ok(memory_new(&large, PACK_DEFLATE_MAX_BYTES, 1, &err));
    assert_ok(content_add_bytes(&content, "b", large, PACK_DEFLATE_MAX_BYTES, &err));
    assert_ok(content_seal(&content, &err));
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    changing->bytes[5] = 'E';
    assert_int_equal(writer_flush(writer, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "content_changed");
    assert_non_null(strstr(err.message, "c/a.md"));
    assert_prints(fixture, "find $S/objects -type f", "");
    // The handle is as good as new.
    writer_release(&writer);
    writer = new_writer(fixture);
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G cat-file blob drafts:c/a.md", "beforE");
    assert_sound(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_writer__content_is_what_git_lists),
        ON_STORE(test_writer__what_the_store_has_is_not_written_again),
        ON_STORE(test_writer__what_was_flushed_is_read_without_its_pack),
        ON_STORE(test_writer__takes_folders_64_deep),
        ON_STORE(test_writer__content_may_be_empty),
        ON_STORE(test_writer__refuses_names_that_git_refuses),
        ON_STORE(test_writer__given_up_leaves_no_trace),
        ON_STORE(test_writer__commit_and_tag_texts_are_what_git_takes),
        cmocka_unit_test(test_writer__cuts_a_long_name_between_characters),
        ON_STORE(test_writer__refuses_a_file_that_changes_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
