// Many objects looked up and read at once: only what bears out its name, and never less than
// libgit2.
#include "unit/store/store_fixture.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "store/pack_set.h"
#include "store/tree.h"
#include "store/tree_content.h"

#define FILES 80

// So alike that git makes deltas of them, and all of one length.
#define TEXT_BYTES 256
static void print_text(char out[TEXT_BYTES], size_t number)
{
    snprintf(out, TEXT_BYTES,
             "Page %02zu says the same as every other page does, and it says it at some length, so "
             "that a delta is worth while.\n",
             number);
}

static struct oid put_many(struct fixture *fixture)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    for (size_t i = 0; i < FILES; i++) {
        char path[32];
        char text[TEXT_BYTES];
        snprintf(path, sizeof(path), "docs/%02zu.md", i);
        print_text(text, i);
        assert_ok(content_add_bytes(&content, path, text, strlen(text), &err));
    }
    assert_ok(content_seal(&content, &err));
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    return tree;
}

static struct oid find_file(struct fixture *fixture, const struct oid *tree, size_t number)
{
    struct error err = { 0 };
    struct oid oid;
    char path[32];
    bool is_tree;
    snprintf(path, sizeof(path), "docs/%02zu.md", number);
    assert_ok(tree_find(fixture->store, tree, path, &oid, &is_tree, &err));
    return oid;
}

// How many of the files can be read; each that can is right.
static size_t count_read(struct fixture *fixture, const struct oid *tree)
{
    struct error err = { 0 };
    struct pack_set set OWNED(pack_set_release) = { 0 };
    size_t count = 0;
    assert_ok(pack_set_open(&set, fixture->store, &err));
    for (size_t i = 0; i < FILES; i++) {
        struct oid oid = find_file(fixture, tree, i);
        char expected[TEXT_BYTES];
        char bytes[TEXT_BYTES];
        print_text(expected, i);
        assert_true(pack_set_has(&set, &oid));
        if (!pack_set_read_blob(&set, &oid, bytes, strlen(expected)))
            continue;
        assert_memory_equal(bytes, expected, strlen(expected));
        count++;
    }
    return count;
}

// Content is whole, whatever part of it is read in which way.
static void assert_whole(struct fixture *fixture, const struct oid *tree)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    assert_ok(tree_content_read(fixture->store, tree, &content, &err));
    assert_ok(content_hold(&content, &err));
    assert_int_equal(content.count, FILES);
    for (size_t i = 0; i < FILES; i++) {
        char expected[TEXT_BYTES];
        print_text(expected, i);
        assert_memory_equal(content.files[i].held, expected, strlen(expected));
    }
}

static void test_pack_set__reads_what_stands_whole_in_a_pack(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_many(fixture);
    struct oid file = find_file(fixture, &tree, 0);
    struct oid stranger = { { 0xFF } };
    struct pack_set set OWNED(pack_set_release) = { 0 };
    char bytes[4096];
    assert_int_equal(count_read(fixture, &tree), FILES);
    assert_whole(fixture, &tree);
    assert_ok(pack_set_open(&set, fixture->store, &err));
    assert_true(set.is_all);
    assert_true(pack_set_has(&set, &tree));
    assert_false(pack_set_has(&set, &stranger));
    assert_false(pack_set_read_blob(&set, &stranger, bytes, 1));
    assert_false(pack_set_read_blob(&set, &tree, bytes, sizeof(bytes))); // no blob
    assert_false(pack_set_read_blob(&set, &file, bytes, 1));             // not that long
}

static void test_pack_set__leaves_deltas_to_libgit2(void **state)
{
    struct fixture *fixture = *state;
    struct oid tree = put_many(fixture);
    assert_runs(fixture, "$G repack -adfq --window=50");
    size_t whole = count_read(fixture, &tree);
    assert_in_range(whole, 1, FILES - 1);
    assert_whole(fixture, &tree);
}

static void test_pack_set__knows_when_there_is_more(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    static const char *const more[] = { "echo loose | $G hash-object -w --stdin",
                                        "rm -r $S/objects/??",
                                        "echo junk > $S/objects/pack/pack-junk.pack" };
    put_many(fixture);
    for (size_t i = 0; i < COUNT_OF(more); i++) {
        struct pack_set set OWNED(pack_set_release) = { 0 };
        assert_runs(fixture, more[i]);
        assert_ok(pack_set_open(&set, fixture->store, &err));
        assert_int_equal(set.is_all, i == 1);
        assert_int_equal(set.count, 1);
    }
}

// Gives each of two objects the bytes of the other one, as far as the index goes.
static void swap_in_index(const char *path, const struct oid *a, const struct oid *b)
{
    FILE *file = fopen(path, "r+");
    uint8_t index[16384];
    assert_non_null(file);
    size_t length = fread(index, 1, sizeof(index), file);
    assert_in_range(length, 1, sizeof(index) - 1);
    uint32_t count;
    memcpy(&count, index + 8 + 255 * 4, sizeof(count));
    count = ntohl(count);
    const uint8_t *ids = index + 8 + 256 * 4;
    uint8_t *offsets = index + 8 + 256 * 4 + (size_t)count * (OID_BYTES + 4);
    uint8_t *places[2] = { NULL, NULL };
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < 2; j++)
            if (memcmp(ids + i * OID_BYTES, (j ? b : a)->bytes, OID_BYTES) == 0)
                places[j] = offsets + i * 4;
    assert_true(places[0] && places[1]);
    uint8_t kept[4];
    memcpy(kept, places[0], sizeof(kept));
    memcpy(places[0], places[1], sizeof(kept));
    memcpy(places[1], kept, sizeof(kept));
    rewind(file);
    assert_int_equal(fwrite(index, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void test_pack_set__reads_nothing_that_does_not_bear_out_its_name(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid tree = put_many(fixture);
    struct oid seventh = find_file(fixture, &tree, 7);
    struct oid eighth = find_file(fixture, &tree, 8);
    struct buffer path OWNED(buffer_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    assert_runs(fixture, "chmod u+w $S/objects/pack/*");
    assert_int_equal(run(fixture, &path, "printf %s $S/objects/pack/*.idx"), 0);
    swap_in_index(buffer_text(&path), &seventh, &eighth);
    assert_int_equal(count_read(fixture, &tree), FILES - 2);
    assert_ok(tree_content_read(fixture->store, &tree, &content, &err));
    assert_int_equal(content_hold(&content, &err), STATUS_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_pack_set__reads_what_stands_whole_in_a_pack),
        ON_STORE(test_pack_set__leaves_deltas_to_libgit2),
        ON_STORE(test_pack_set__knows_when_there_is_more),
        ON_STORE(test_pack_set__reads_nothing_that_does_not_bear_out_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
