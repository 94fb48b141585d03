// A tree's bytes: what is written is what is read, in git's order, under names that git takes.
#include "unit/store/store_fixture.h"

#include "store/tree_text.h"

static struct tree_text_entry entry_of(const char *name, bool is_tree)
{
    return (struct tree_text_entry) {
        .name = name, .name_bytes = strlen(name), .oid = { { 0, 9 } }, .is_tree = is_tree
    };
}

static void test_tree_text__reads_what_it_writes(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct tree_text_entry written[] = { entry_of("a b", false), entry_of("sections", true),
                                         entry_of("\xc3\xa4", false) };
    for (size_t i = 0; i < COUNT_OF(written); i++)
        tree_text_append(&text, &written[i]);
    size_t at = 0;
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        struct tree_text_entry read;
        assert_ok(tree_text_read(text.bytes, text.length, &at, &read, &err));
        assert_string_equal(read.name, written[i].name);
        assert_int_equal(read.name_bytes, written[i].name_bytes);
        assert_int_equal(read.is_tree, written[i].is_tree);
        assert_memory_equal(&read.oid, &written[i].oid, OID_BYTES);
    }
    assert_int_equal(at, text.length);
}

static void test_tree_text__refuses_what_is_cut_short(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct tree_text_entry entry = entry_of("name", false);
    tree_text_append(&text, &entry);
    for (size_t length = 1; length < text.length; length++) {
        struct error err = { 0 };
        struct tree_text_entry read;
        size_t at = 0;
        char *cut OWNED(memory_release) = NULL; // of exactly this length, for the sanitizer
        assert_ok(memory_copy_bytes(&cut, text.bytes, length, &err));
        cut = realloc(cut, length);
        assert_int_equal(tree_text_read(cut, length, &at, &read, &err), STATUS_DAMAGED);
    }
    struct error err = { 0 };
    struct tree_text_entry read;
    size_t at = 0;
    char nameless[] = "100644 \0aaaaaaaaaaaaaaaaaaaa";
    assert_int_equal(tree_text_read(nameless, sizeof(nameless) - 1, &at, &read, &err),
                     STATUS_DAMAGED);
}

static void test_tree_text__orders_as_git_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_tree;
    } sorted[] = { { "a", false }, { "a-b", true }, { "a.", false },
                   { "a", true },  { "a0", false }, { "ab", true },
                   { "b", true },  { "b0", true },  { "\xc3", false } };
    for (size_t i = 0; i < COUNT_OF(sorted); i++)
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            struct tree_text_entry a = entry_of(sorted[i].name, sorted[i].is_tree);
            struct tree_text_entry b = entry_of(sorted[j].name, sorted[j].is_tree);
            int order = tree_text_compare(&a, &b);
            assert_int_equal(order < 0, i < j);
            assert_int_equal(order > 0, i > j);
        }
}

// What we refuse is exactly what `git fsck --strict` refuses.
static void test_tree_text__refuses_the_names_that_fsck_does(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {
        "a",
        "artifact.json",
        ".gitignore",
        ".gitx",
        ".git",
        ".GIT",
        ".giT ",
        ".git.",
        ".git. . ",
        "git~1",
        "GIT~1",
        "git~1.",
        "git~2",
        "git",
        ".gi",
        ".",
        "..",
        "...",
        ".g\xe2\x80\x8cit",
        "\xef\xbb\xbf.git",
        ".git\xe2\x81\xaa",
        ".g\xe2\x80\x90it",
        ".git:x",
        ".git\\x",
        "x.git",
        ".git-",
        ".git/",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer out OWNED(buffer_release) = { 0 };
        char *path OWNED(memory_release) = NULL;
        struct tree_text_entry entry = entry_of(names[i], false);
        // The blob that is there: git's empty one.
        assert_ok(oid_parse(&entry.oid, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", &err));
        tree_text_append(&text, &entry);
        assert_ok(file_join(&path, fixture->folder, "tree", &err));
        assert_ok(file_write_atomic(path, text.bytes, text.length, 0644, &err));
        bool is_taken = run(fixture, &out,
                            "rm -rf t.git && git init -q --bare t.git && cd t.git &&"
                            " git hash-object -w -t blob --stdin < /dev/null &&"
                            " git hash-object --literally -w -t tree ../tree &&"
                            " git fsck --strict") == 0;
        enum status status = tree_text_check_name(names[i], strlen(names[i]), &err);
        if ((status == STATUS_OK) != is_taken)
            fail_msg("'%s': we say %d, git says: %s", names[i], status, buffer_text(&out));
    }
    struct error err = { 0 };
    assert_int_equal(tree_text_check_name("", 0, &err), STATUS_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_text__reads_what_it_writes),
        cmocka_unit_test(test_tree_text__refuses_what_is_cut_short),
        cmocka_unit_test(test_tree_text__orders_as_git_does),
        ON_STORE(test_tree_text__refuses_the_names_that_fsck_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
