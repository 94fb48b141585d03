// Commits and tags, read.
#include "unit/store/store_fixture.h"

#include "store/commit.h"

static const struct oid none;

static struct oid put_commit(struct fixture *fixture, const struct oid *parent, int64_t time,
                             const char *message)
{
    struct error err = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    struct oid oid;
    assert_ok(writer_put_tree(writer, &none, NULL, 0, &tree, &err));
    struct writer_commit words = { tree, *parent, "Dev <a@b>", time, message };
    assert_ok(writer_commit_text(&text, &words, &err));
    assert_ok(writer_put_commit(writer, text.bytes, NULL, &oid, &err));
    assert_ok(writer_flush(writer, &err));
    return oid;
}

static void test_commit__reads_what_was_written(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid root = put_commit(fixture, &none, 1700000000, "first");
    struct oid next = put_commit(fixture, &root, 1700000001, "subject\n\nbody\n\nA: 1\n");
    struct commit commit OWNED(commit_release) = { 0 };
    assert_ok(commit_read(fixture->store, &next, &commit, &err));
    assert_memory_equal(&commit.parent, &root, sizeof(root));
    assert_int_equal(commit.time, 1700000001);
    assert_string_equal(commit.message, "subject\n\nbody\n\nA: 1\n");
    char tree[OID_TEXT_BYTES];
    oid_format(&commit.tree, tree);
    assert_string_equal(tree, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    commit_release(&commit);
    assert_ok(commit_read(fixture->store, &root, &commit, &err));
    assert_true(oid_is_none(&commit.parent));
    struct oid absent = { { 1 } };
    struct commit untouched = { 0 };
    assert_int_equal(commit_read(fixture->store, &absent, &untouched, &err), STATUS_DAMAGED);
    commit_release(&commit);
    assert_int_equal(commit_read(fixture->store, &commit.tree, &untouched, &err), STATUS_DAMAGED);
}

static enum status read_text(struct fixture *fixture, const char *text, struct error *out_err)
{
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid oid;
    assert_ok(writer_put_commit(writer, text, NULL, &oid, &err));
    assert_ok(writer_flush(writer, &err));
    return commit_read(fixture->store, &oid, &commit, out_err);
}

#define HEAD                                                                                       \
    "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> 1 +0000\n"                      \
    "committer A <a@b> 1 +0000\n"

static void test_commit__refuses_two_encodings(void **state)
{
    struct error err = { 0 };
    assert_int_equal(read_text(*state, HEAD "encoding a\n\nencoding in\nencoding words\n", &err),
                     STATUS_OK);
    for (int again = 0; again < 2; again++)
        assert_int_equal(read_text(*state, HEAD "encoding utf-8\nencoding utf-8\n\nwords\n", &err),
                         STATUS_DAMAGED);
    assert_string_equal(err.code, "commit_malformed");
}

static void assert_trailer(const char *message, const char *name, int nth, const char *expected)
{
    struct commit commit = { .message = (char *)(uintptr_t)message };
    const char *value = NULL;
    size_t length = 0;
    bool found = commit_trailer(&commit, name, nth, &value, &length);
    assert_int_equal(found, expected != NULL);
    if (!expected)
        return;
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(value, expected, length);
}

static void test_commit__trailers_stand_in_the_last_paragraph(void **state)
{
    (void)state;
    const char *message = "Publish\n\nOperation: forged by a note\nVersion: 9\n\n"
                          "Operation: publish\nArtifact: prompt/a\nArtifact: tool/b\n"
                          "Empty: \nDigest:none\n\n";
    assert_trailer(message, "Operation", 0, "publish");
    assert_trailer(message, "Artifact", 0, "prompt/a");
    assert_trailer(message, "Artifact", 1, "tool/b");
    assert_trailer(message, "Artifact", 2, NULL);
    assert_trailer(message, "Version", 0, NULL);
    assert_trailer(message, "Digest", 0, NULL);
    assert_trailer(message, "Empty", 0, NULL);
    assert_trailer(message, "Opera", 0, NULL);
    assert_trailer("", "Operation", 0, NULL);
    assert_trailer("\n\n", "Operation", 0, NULL);
    assert_trailer("A: 1", "A", 0, "1");
    assert_trailer("x\n\nA: 1", "A", 0, "1");
}

static void test_commit__knows_who_stands_before_whom(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid a = put_commit(fixture, &none, 1, "a");
    struct oid b = put_commit(fixture, &a, 2, "b");
    struct oid c = put_commit(fixture, &b, 3, "c");
    struct oid side = put_commit(fixture, &a, 4, "side");
    const struct {
        const struct oid *ancestor;
        const struct oid *descendant;
        bool expected;
    } pairs[] = { { &a, &a, true },  { &a, &c, true },     { &b, &c, true },
                  { &c, &a, false }, { &side, &c, false }, { &b, &side, false } };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        bool is = !pairs[i].expected;
        assert_ok(
            commit_is_ancestor(fixture->store, pairs[i].ancestor, pairs[i].descendant, &is, &err));
        assert_int_equal(is, pairs[i].expected);
    }
    bool is;
    struct oid absent = { { 1 } };
    assert_int_equal(commit_is_ancestor(fixture->store, &a, &absent, &is, &err), STATUS_DAMAGED);
}

static enum status note(void *context, const struct oid *oid, const struct commit *commit,
                        struct error *err)
{
    (void)oid, (void)err;
    buffer_append_text(context, commit->message);
    return STATUS_OK;
}

static void assert_since(struct fixture *fixture, const struct oid *from, const struct oid *to,
                         const char *expected)
{
    struct error err = { 0 };
    struct buffer seen OWNED(buffer_release) = { 0 };
    assert_ok(commit_each_since(fixture->store, from, to, note, &seen, &err));
    assert_string_equal(buffer_text(&seen), expected);
}

static void test_commit__visits_what_came_since_oldest_first(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid a = put_commit(fixture, &none, 1, "a");
    struct oid b = put_commit(fixture, &a, 2, "b");
    struct oid c = put_commit(fixture, &b, 3, "c");
    struct oid side = put_commit(fixture, &a, 4, "side");
    assert_since(fixture, &none, &c, "a\nb\nc\n");
    assert_since(fixture, &a, &c, "b\nc\n");
    assert_since(fixture, &c, &c, "");
    struct buffer seen OWNED(buffer_release) = { 0 };
    assert_int_equal(commit_each_since(fixture->store, &side, &c, note, &seen, &err),
                     STATUS_CONFLICT);
    assert_string_equal(err.code, "history_rewritten");
    assert_string_equal(buffer_text(&seen), "");
}

static void test_commit__reads_a_tag(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid commit = put_commit(fixture, &none, 1, "a");
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid oid;
    struct writer_tag words = { commit, "release/prompt/a/1", "Dev <a@b>", 1700000000, "words" };
    assert_ok(writer_tag_text(&text, &words, &err));
    assert_ok(writer_put_tag(writer, text.bytes, "-----BEGIN SSH SIGNATURE-----\n", &oid, &err));
    assert_ok(writer_flush(writer, &err));
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    assert_ok(commit_read_tag(fixture->store, &oid, &tag, &err));
    assert_memory_equal(&tag.target, &commit, sizeof(commit));
    assert_int_equal(tag.time, 1700000000);
    assert_string_equal(tag.name, "release/prompt/a/1");
    assert_string_equal(tag.message, "words\n-----BEGIN SSH SIGNATURE-----\n");
    struct commit_tag untouched = { 0 };
    assert_int_equal(commit_read_tag(fixture->store, &commit, &untouched, &err), STATUS_DAMAGED);
    // A tag of a tag is none of ours.
    words.target = oid;
    buffer_truncate(&text, 0);
    buffer_append_text(&text, "object ");
    buffer_append_hex(&text, oid.bytes, OID_BYTES);
    buffer_append_text(&text, "\ntype tag\ntag x\ntagger a <a@b> 1 +0000\n\nx\n");
    assert_ok(writer_put_tag(writer, text.bytes, NULL, &oid, &err));
    assert_ok(writer_flush(writer, &err));
    assert_int_equal(commit_read_tag(fixture->store, &oid, &untouched, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "tag_malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_commit__reads_what_was_written),
        ON_STORE(test_commit__refuses_two_encodings),
        cmocka_unit_test(test_commit__trailers_stand_in_the_last_paragraph),
        ON_STORE(test_commit__knows_who_stands_before_whom),
        ON_STORE(test_commit__visits_what_came_since_oldest_first),
        ON_STORE(test_commit__reads_a_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
