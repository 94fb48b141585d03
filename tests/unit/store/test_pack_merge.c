// One pack of several: older versions of a folder become deltas, doubles stay readable, and all
// else is copied as it is.
#include "unit/store/store_fixture.h"

#include "store/pack_merge.h"

static const struct oid none;

#define ENTRIES 40
#define VERSIONS 4

struct stem {
    char text[64];
};

static struct stem newest_pack(struct fixture *fixture)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    struct stem stem;
    assert_int_equal(run(fixture, &out,
                         "basename $(ls -t $S/objects/pack/*.pack | head -1) .pack |"
                         " tr -d '\\n'"),
                     0);
    snprintf(stem.text, sizeof(stem.text), "%s", buffer_text(&out));
    return stem;
}

// One folder of many entries; each version differs from the one before in one of them.
static struct stem write_version(struct fixture *fixture, int version)
{
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change changes[ENTRIES];
    char paths[ENTRIES][32];
    struct oid tree;
    for (int i = 0; i < ENTRIES; i++) {
        char text[40];
        int length =
            snprintf(text, sizeof(text), "%d%s", i, i > 5 && i <= 5 + version ? " new" : "");
        snprintf(paths[i], sizeof(paths[i]), "folder/entry-%02d", i);
        changes[i] = (struct writer_change) { .path = paths[i] };
        assert_ok(writer_put_blob(writer, text, (size_t)length, &changes[i].oid, &err));
    }
    assert_ok(writer_put_tree(writer, &none, changes, ENTRIES, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
    return newest_pack(fixture);
}

static void merge(struct fixture *fixture, const struct stem *stems, const int *order, size_t count)
{
    struct error err = { 0 };
    const char *names[VERSIONS];
    bool merged = false;
    for (size_t i = 0; i < count; i++)
        names[i] = stems[order[i]].text;
    assert_ok(pack_merge(fixture->store, names, count, &merged, &err));
    assert_true(merged);
}

static void assert_versions(struct fixture *fixture)
{
    assert_runs(fixture, "for p in $S/objects/pack/*.idx; do git verify-pack $p || exit 1; done;"
                         " n=4; for c in $($G rev-list drafts); do n=$((n-1));"
                         " test $($G grep -c new $c -- folder | wc -l) = $n || exit 1; done;"
                         " test $n = 0");
    assert_sound(fixture);
}

// How many deltas a pack has, and how long its longest chain is.
static void assert_deltas(struct fixture *fixture, const char *expected)
{
    assert_prints(fixture,
                  "for p in $S/objects/pack/*.idx; do git verify-pack -v $p |"
                  " awk 'NF == 7 { n++; if ($6 > m) m = $6 } END { print n + 0, m + 0 }';"
                  " done | sort",
                  expected);
}

static void test_pack_merge__older_versions_become_deltas(void **state)
{
    struct fixture *fixture = *state;
    struct stem stems[VERSIONS];
    for (int i = 0; i < VERSIONS; i++)
        stems[i] = write_version(fixture, i);
    assert_deltas(fixture, "0 0\n0 0\n0 0\n0 0\n");
    merge(fixture, stems, (const int[]) { 3, 2, 1, 0 }, VERSIONS);
    assert_deltas(fixture, "3 3\n");
    assert_versions(fixture);
    // The newest is the one that stands whole.
    assert_runs(fixture, "git verify-pack -v $S/objects/pack/*.idx | grep '^'"
                         "$($G rev-parse drafts:folder) | grep 'tree   [0-9]* [0-9]* [0-9]*$'");
}

static void test_pack_merge__deltas_are_merged_on(void **state)
{
    struct fixture *fixture = *state;
    struct stem stems[VERSIONS];
    stems[0] = write_version(fixture, 0);
    stems[1] = write_version(fixture, 1);
    merge(fixture, stems, (const int[]) { 1, 0 }, 2);
    stems[0] = newest_pack(fixture);
    stems[2] = write_version(fixture, 2);
    stems[3] = write_version(fixture, 3);
    merge(fixture, stems, (const int[]) { 3, 2 }, 2);
    stems[1] = newest_pack(fixture);
    assert_deltas(fixture, "1 1\n1 1\n");
    merge(fixture, stems, (const int[]) { 1, 0 }, 2);
    assert_deltas(fixture, "3 2\n");
    assert_versions(fixture);
}

// Of two packs, each has the other's whole versions as deltas: copied as they are, nothing could be
// read any more.
static void test_pack_merge__doubles_stay_readable(void **state)
{
    struct fixture *fixture = *state;
    struct stem stems[VERSIONS];
    for (int i = 0; i < VERSIONS; i++)
        stems[i] = write_version(fixture, i);
    assert_runs(fixture, "mkdir copy && cp -p $S/objects/pack/* copy");
    merge(fixture, stems, (const int[]) { 3, 2, 1, 0 }, VERSIONS);
    struct stem both[2] = { newest_pack(fixture), { "" } };
    assert_runs(fixture, "cp -p copy/* $S/objects/pack");
    merge(fixture, stems, (const int[]) { 0, 1, 2, 3 }, VERSIONS);
    both[1] = newest_pack(fixture);
    assert_deltas(fixture, "3 3\n3 3\n");
    merge(fixture, both, (const int[]) { 0, 1 }, 2);
    assert_deltas(fixture, "1 1\n"); // the two in the middle were written whole
    assert_versions(fixture);
}

static void test_pack_merge__a_pack_that_has_all_of_another_stays(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct stem stems[2] = { write_version(fixture, 0), { "" } };
    // The same objects in the same order: the merged pack is the first one, byte by byte.
    assert_runs(fixture, "git -C $S cat-file --batch-all-objects --batch-check='%(objectname)' |"
                         " head -3 | $G pack-objects -q --window=0 objects/pack/pack > /dev/null");
    struct buffer other OWNED(buffer_release) = { 0 };
    assert_int_equal(run(fixture, &other,
                         "cd $S/objects/pack && for p in *.pack; do"
                         " test $p = $(ls -S *.pack | head -1) ||"
                         " printf %s ${p%.pack}; done"),
                     0);
    struct buffer first OWNED(buffer_release) = { 0 };
    assert_int_equal(run(fixture, &first,
                         "cd $S/objects/pack &&"
                         " p=$(ls -S *.pack | head -1) && printf %s ${p%.pack}"),
                     0);
    snprintf(stems[0].text, sizeof(stems[0].text), "%s", first.bytes);
    snprintf(stems[1].text, sizeof(stems[1].text), "%s", other.bytes);
    merge(fixture, stems, (const int[]) { 0, 1 }, 2);
    struct stem left = newest_pack(fixture);
    assert_string_equal(left.text, stems[0].text);
    assert_prints(fixture, "ls $S/objects/pack/*.pack | wc -l", "1\n");
    bool merged = true;
    const char *one[] = { left.text };
    assert_ok(pack_merge(fixture->store, one, 1, &merged, &err));
    assert_false(merged);
    assert_sound(fixture);
}

static void test_pack_merge__offset_deltas_stay_where_they_are(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct stem stems[2];
    bool merged = true;
    for (int i = 0; i < VERSIONS; i++)
        stems[1] = write_version(fixture, i);
    assert_runs(fixture, "$G repack -qadf");
    stems[0] = newest_pack(fixture);
    assert_runs(fixture, "git verify-pack -v $S/objects/pack/*.idx | grep -q '^chain'");
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob;
    assert_ok(writer_put_blob(writer, "x", 1, &blob, &err));
    assert_ok(writer_flush(writer, &err));
    stems[1] = newest_pack(fixture);
    const char *names[] = { stems[1].text, stems[0].text };
    assert_ok(pack_merge(fixture->store, names, 2, &merged, &err));
    assert_false(merged);
    assert_prints(fixture, "ls $S/objects/pack/*.pack | wc -l", "2\n");
    assert_versions(fixture);
}

static void test_pack_merge__says_which_pack_is_malformed(void **state)
{
    struct fixture *fixture = *state;
    static const char *const damages[] = {
        "truncate -s 10 $P.idx",
        "truncate -s 1500 $P.idx",
        "printf X | dd of=$P.idx bs=1 seek=3 conv=notrunc",
        "printf '\\377' | dd of=$P.idx bs=1 seek=1028 conv=notrunc", // how many
        "printf '\\177' | dd of=$P.idx bs=1 seek=$(($(stat -c %s $P.idx) - 44)) conv=notrunc",
        "printf '\\200' | dd of=$P.idx bs=1 seek=$(($(stat -c %s $P.idx) - 44)) conv=notrunc",
        "printf X | dd of=$P.pack bs=1 seek=0 conv=notrunc",
        "printf X | dd of=$P.pack bs=1 seek=11 conv=notrunc",
        "truncate -s -1 $P.pack",
    };
    struct stem stems[2] = { write_version(fixture, 0), { "" } };
    stems[1] = write_version(fixture, 1);
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        struct error err = { 0 };
        struct buffer command OWNED(buffer_release) = { 0 };
        const char *names[] = { stems[0].text, stems[1].text };
        bool merged = true;
        buffer_append_format(
            &command,
            "rm -rf save && cp -r $S/objects/pack save && chmod -R +w $S/objects &&"
            " P=$S/objects/pack/%s && %s",
            stems[1].text, damages[i]);
        assert_runs(fixture, command.bytes);
        if (pack_merge(fixture->store, names, 2, &merged, &err) != STATUS_DAMAGED)
            fail_msg("taken: %s", damages[i]);
        assert_non_null(strstr(err.message, stems[1].text));
        assert_false(merged);
        assert_runs(fixture, "rm -rf $S/objects/pack && mv save $S/objects/pack");
    }
    struct error err = { 0 };
    const char *absent[] = { stems[0].text, "pack-absent" };
    bool merged;
    assert_int_equal(pack_merge(fixture->store, absent, 2, &merged, &err), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_pack_merge__older_versions_become_deltas),
        ON_STORE(test_pack_merge__deltas_are_merged_on),
        ON_STORE(test_pack_merge__doubles_stay_readable),
        ON_STORE(test_pack_merge__a_pack_that_has_all_of_another_stays),
        ON_STORE(test_pack_merge__offset_deltas_stay_where_they_are),
        ON_STORE(test_pack_merge__says_which_pack_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
