// What is packed ahead: shown with what comes after it, or gone without a trace.
#include "unit/store/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FILES 24
#define FILE_BYTES (200U << 10) // files as large as this are still held

// Held content of nearly five megabytes, each file with bytes of its own.
static void fill_much(struct content *content)
{
    struct error err = { 0 };
    char *bytes OWNED(memory_release) = NULL;
    assert_ok(memory_new(&bytes, FILE_BYTES, 1, &err));
    for (int i = 0; i < FILES; i++) {
        char path[16];
        snprintf(path, sizeof(path), "docs/%02d.txt", i);
        memset(bytes, 'a' + i, FILE_BYTES);
        assert_ok(content_add_bytes(content, path, bytes, FILE_BYTES, &err));
    }
    assert_ok(content_seal(content, &err));
    assert_ok(content_hold(content, &err));
}

// Much is put, and its pack begun before anybody asks for it to be shown.
static void put_ahead(struct writer *writer, struct content *content, struct oid *out_tree)
{
    struct error err = { 0 };
    fill_much(content);
    assert_ok(writer_put_content(writer, content, out_tree, &err));
    assert_ok(writer_flush_ahead(writer, &err));
}

static void test_pack_ahead__is_shown_with_what_comes_after_it(void **state)
{
    struct fixture *fixture = *state;
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    put_ahead(writer, &content, &tree);
    assert_prints(fixture, "ls $S/objects/pack | grep '^pack-' | wc -l", "0\n");
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_prints(fixture, "$G count-objects -v | grep -E '^(count|in-pack|packs|garbage):'",
                  "count: 0\nin-pack: 27\npacks: 2\ngarbage: 0\n");
    assert_prints(fixture, "$G cat-file blob drafts:docs/07.txt | tr -d h | wc -c", "0\n");
    assert_sound(fixture);
}

static void test_pack_ahead__leaves_nothing_when_it_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    put_ahead(writer, &content, &tree);
    writer_release(&writer);
    assert_prints(fixture, "ls -A $S/objects/pack", "");
    // The store's hashes are fit for the next one.
    writer = new_writer(fixture);
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_sound(fixture);
}

static void test_pack_ahead__fails_when_it_is_to_be_shown(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_runs(fixture, "mv $S/objects/pack $S/objects/gone");
    put_ahead(writer, &content, &tree);
    assert_int_equal(writer_flush(writer, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "tmp_greenroom_pack"));
    assert_runs(fixture, "mv $S/objects/gone $S/objects/pack");
}

static void test_pack_ahead__is_not_begun_for_little_or_for_what_is_not_held(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    for (int much = 0; much < 2; much++) {
        struct content content OWNED(content_release) = { 0 };
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        struct oid tree;
        if (much)
            fill_much(&content);
        else
            fill_content(&content, "a", "little", NULL);
        if (much)
            content.files[FILES - 1].held = NULL;
        assert_ok(writer_put_content(writer, &content, &tree, &err));
        assert_ok(writer_flush_ahead(writer, &err));
        assert_ok(writer_flush(writer, &err));
        assert_prints(fixture, "$G count-objects -v | grep '^packs:'",
                      much ? "packs: 2\n" : "packs: 1\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_pack_ahead__is_shown_with_what_comes_after_it),
        ON_STORE(test_pack_ahead__leaves_nothing_when_it_is_given_up),
        ON_STORE(test_pack_ahead__fails_when_it_is_to_be_shown),
        ON_STORE(test_pack_ahead__is_not_begun_for_little_or_for_what_is_not_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
