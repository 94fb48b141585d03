// Packs of all kinds of objects, as stock git reads them.
#include "unit/store/store_fixture.h"

#include "store/object.h"
#include "store/pack.h"
#include "store/pack_file.h"
#include "store/store_object.h"

// Bytes that do not compress, from a fixed seed.
static void fill_random(char *bytes, size_t length)
{
    uint64_t x = 88172645463325252ULL;
    for (size_t i = 0; i < length; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        bytes[i] = (char)(x >> 32);
    }
}

static void fill_text(char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = "a line of text that repeats itself\n"[i % 35];
}

// Stores one file of each size and reads it back with git: `fill` makes the bytes.
static void assert_packs(struct fixture *fixture, void (*fill)(char *, size_t), const size_t *sizes,
                         size_t count)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    for (size_t i = 0; i < count; i++) {
        char *bytes OWNED(memory_release) = calloc(1, sizes[i] + 1);
        char name[40];
        assert_non_null(bytes);
        fill(bytes, sizes[i]);
        snprintf(name, sizeof(name), "f%zu", i);
        assert_ok(content_add_bytes(&content, name, bytes, sizes[i], &err));
        char *path OWNED(memory_release) = NULL;
        assert_ok(file_join(&path, fixture->folder, name, &err));
        assert_ok(file_write_atomic(path, bytes, sizes[i], 0644, &err));
    }
    assert_ok(content_seal(&content, &err));
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(writer_put_content(writer, &content, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    assert_runs(fixture, "for f in f*; do $G cat-file blob drafts:$f | cmp - $f || exit 1; done;"
                         " for p in $S/objects/pack/*.idx; do git verify-pack $p || exit 1; done");
    assert_sound(fixture);
}

// Around one piece (64 KiB), one chunk (256 KiB) and one block without compression (65,535).
static const size_t edges[] = { 0,      1,      65534,  65535,      65536,      65537,
                                131069, 131070, 131072, 262143 - 9, 262144 - 9, 262144 };

static void test_pack__deflates_what_is_small_in_all(void **state)
{
    struct fixture *fixture = *state;
    assert_packs(fixture, fill_text, edges, COUNT_OF(edges));
    assert_prints(fixture, "test $(du -k $S/objects/pack | cut -f1) -lt 100 && echo small",
                  "small\n");
}

static void test_pack__deflates_random_bytes_too(void **state)
{
    assert_packs(*state, fill_random, edges, COUNT_OF(edges));
}

static void test_pack__stores_a_large_write_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    static const size_t sizes[] = { PACK_DEFLATE_MAX_BYTES, 0, 1, 65534, 65535, 65536, 131070 };
    assert_packs(fixture, fill_text, sizes, COUNT_OF(sizes));
    assert_prints(fixture, "test $(du -k $S/objects/pack | cut -f1) -gt 4096 && echo large",
                  "large\n");
}

static void test_pack__is_readable_by_all_and_writable_by_none(void **state)
{
    struct fixture *fixture = *state;
    static const size_t sizes[] = { 10 };
    assert_packs(fixture, fill_text, sizes, 1);
    assert_prints(fixture, "cd $S/objects/pack && stat -c %a * && ls | sed 's/[0-9a-f]\\{40\\}/H/'",
                  "444\n444\npack-H.idx\npack-H.pack\n");
    // Its name is its own last 20 bytes, as git has it.
    assert_runs(fixture, "cd $S/objects/pack && test pack-$(tail -c 20 *.pack | od -An -tx1 |"
                         " tr -d ' \\n').pack = *.pack");
}

static void put_blob(struct pack_file *file, struct oid *oid, char byte)
{
    struct error err = { 0 };
    // "blob 1", a NUL and the byte; deflated without compression.
    uint8_t deflated[] = {
        0x78, 1, 1, 1, 0, 0xfe, 0xff, (uint8_t)byte, 0, (uint8_t)byte + 1, 0, (uint8_t)byte + 1
    };
    assert_ok(store_object_name(&byte, 1, GIT_OBJECT_BLOB, oid, &err));
    assert_ok(pack_file_begin_object(file, oid, &err));
    assert_ok(pack_file_put_header(file, PACK_BLOB, 1, &err));
    assert_ok(pack_file_put(file, deflated, sizeof(deflated), &err));
}

// Offsets from 2 GiB on stand in a table of their own. Nobody writes 2 GiB for a test: the entries
// are moved before their index is written.
static void test_pack__indexes_offsets_beyond_2_gib(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct pack_file file OWNED(pack_file_release) = PACK_FILE_NONE;
    static const uint64_t offsets[] = { 12, 0x7fffffff, 0x80000000, 0x123456789a };
    struct buffer expected OWNED(buffer_release) = { 0 };
    assert_ok(pack_file_begin(&file, fixture->store, COUNT_OF(offsets), &err));
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        struct oid oid;
        char text[OID_TEXT_BYTES];
        put_blob(&file, &oid, (char)('a' + i));
        file.entries[i].offset = offsets[i];
        file.entries[i].crc = 0xabcd0000U + (uint32_t)i;
        oid_format(&oid, text);
        buffer_append_format(&expected, "%llu %s (%08x)\n", (unsigned long long)offsets[i], text,
                             file.entries[i].crc);
    }
    assert_ok(pack_file_seal(&file, &err));
    assert_ok(pack_file_show(&file, &err));
    struct buffer listed OWNED(buffer_release) = { 0 };
    assert_int_equal(run(fixture, &listed, "cat $S/objects/pack/*.idx | git show-index | sort -n"),
                     0);
    assert_string_equal(buffer_text(&listed), buffer_text(&expected));
}

static void test_pack__holds_as_many_objects_as_it_said(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct pack_file file OWNED(pack_file_release) = PACK_FILE_NONE;
    struct oid oid;
    assert_ok(pack_file_begin(&file, fixture->store, 2, &err));
    put_blob(&file, &oid, 'a');
    assert_int_equal(pack_file_seal(&file, &err), STATUS_IO);
    put_blob(&file, &oid, 'b');
    assert_int_equal(pack_file_begin_object(&file, &oid, &err), STATUS_IO);
    assert_ok(pack_file_seal(&file, &err));
    assert_ok(pack_file_show(&file, &err));
    assert_runs(fixture, "git verify-pack $S/objects/pack/*.idx");
}

static void test_pack__given_up_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    for (int round = 0; round < 2; round++) {
        struct pack_file file OWNED(pack_file_release) = PACK_FILE_NONE;
        struct oid oid;
        assert_ok(pack_file_begin(&file, fixture->store, 1, &err));
        put_blob(&file, &oid, 'a');
        if (round == 1) {
            assert_ok(pack_file_seal(&file, &err));
            assert_ok(pack_file_show(&file, &err));
        }
        pack_file_release(&file);
        assert_prints(fixture, "ls $S/objects/pack | wc -l", round == 0 ? "0\n" : "2\n");
    }
    assert_runs(fixture, "git verify-pack $S/objects/pack/*.idx");
}

static void test_pack__takes_the_place_of_a_half_written_one(void **state)
{
    struct fixture *fixture = *state;
    static const size_t sizes[] = { 10 };
    assert_runs(fixture, "cd $S/objects/pack && echo half > tmp_greenroom_pack &&"
                         " echo half > tmp_greenroom_idx");
    assert_packs(fixture, fill_text, sizes, 1);
    assert_prints(fixture, "ls $S/objects/pack | wc -l", "2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_pack__deflates_what_is_small_in_all),
        ON_STORE(test_pack__deflates_random_bytes_too),
        ON_STORE(test_pack__stores_a_large_write_as_it_is),
        ON_STORE(test_pack__is_readable_by_all_and_writable_by_none),
        ON_STORE(test_pack__indexes_offsets_beyond_2_gib),
        ON_STORE(test_pack__holds_as_many_objects_as_it_said),
        ON_STORE(test_pack__given_up_leaves_nothing),
        ON_STORE(test_pack__takes_the_place_of_a_half_written_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
