// Tidying: what killed writers left, many packs, many loose tags; with readers and killers around.
#include "unit/store/store_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "store/commit.h"
#include "store/object.h"
#include "store/tidy.h"
#include "store/tree.h"

static const struct oid none;

// One write: a new version of one file in a folder of 20, as publishing is.
static void write_once(struct fixture *fixture, int number)
{
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change changes[20];
    char paths[20][40];
    size_t count = 0;
    struct oid tree = none;
    struct oid head;
    assert_ok(store_ref_get(fixture->store, "refs/heads/drafts", &head, &err));
    if (!oid_is_none(&head)) {
        struct commit commit OWNED(commit_release) = { 0 };
        assert_ok(commit_read(fixture->store, &head, &commit, &err));
        tree = commit.tree;
    }
    for (int i = 0; i < 20; i++)
        if (number == 0 || i == number * 7 % 20) {
            char text[32];
            int length = snprintf(text, sizeof(text), "version %d of %d", number, i);
            snprintf(paths[count], sizeof(paths[count]), "prompt/ns/artifact-%d", i);
            changes[count] = (struct writer_change) { .path = paths[count] };
            assert_ok(writer_put_blob(writer, text, (size_t)length, &changes[count].oid, &err));
            count++;
        }
    assert_ok(writer_put_tree(writer, &tree, changes, count, &tree, &err));
    commit_tree(fixture, writer, &tree, "refs/heads/drafts");
}

// Every version of every file is still what it was.
static void assert_history(struct fixture *fixture, int writes)
{
    struct buffer command OWNED(buffer_release) = { 0 };
    buffer_append_format(
        &command,
        "test $($G rev-list --count drafts) = %d &&"
        " n=%d && for c in $($G rev-list drafts); do n=$((n-1));"
        " i=$((n * 7 %% 20)); test \"$($G cat-file blob $c:prompt/ns/artifact-$i)\""
        " = \"version $n of $i\" || exit 1; done",
        writes, writes);
    assert_runs(fixture, buffer_text(&command));
    assert_runs(fixture, "for p in $S/objects/pack/*.idx; do git verify-pack $p || exit 1; done");
    assert_sound(fixture);
}

static size_t count_packs(struct fixture *fixture)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(run(fixture, &out, "ls $S/objects/pack/*.pack | wc -l"), 0);
    return strtoul(buffer_text(&out), NULL, 10);
}

static void test_tidy__packs_stay_few_and_small(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    const int writes = 1 + TIDY_PACKS * 5; // the first is of another size
    size_t merges = 0;
    for (int i = 0; i < writes; i++) {
        bool merged = false;
        write_once(fixture, i);
        assert_ok(tidy_packs(fixture->store, &merged, &err));
        merges += merged;
        assert_true(count_packs(fixture) < 2 * TIDY_PACKS);
    }
    assert_int_equal(merges, 5);
    assert_history(fixture, writes);
    assert_int_equal(count_packs(fixture), 1 + 5);
    // 120 versions of a folder of 600 bytes, as deltas; nothing was lost on the way: 20 blobs and
    // one for each later write; commits; trees of three levels.
    assert_prints(fixture, "$G cat-file --batch-all-objects --batch-check | wc -l", "624\n");
    assert_runs(fixture, "test $(du -bc $S/objects/pack/*.pack | tail -1 | cut -f1) -lt 80000");
}

static void test_tidy__leaves_few_marked_and_foreign_packs_alone(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    bool merged = true;
    for (int i = 0; i < TIDY_PACKS + 1; i++) // the first is of another size
        write_once(fixture, i);
    static const char *const reasons[][2] = {
        { "mv $P.pack kept", "mv kept $P.pack" },
        { "touch $P.keep", "rm $P.keep" },
        { "touch $S/objects/pack/multi-pack-index", "rm $S/objects/pack/multi-pack-index" },
    };
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        for (int undo = 0; undo < 2; undo++) {
            struct buffer command OWNED(buffer_release) = { 0 };
            buffer_append_format(&command,
                                 "P=$(ls -t $S/objects/pack/*.idx | head -1); P=${P%%.idx}; %s",
                                 reasons[i][undo]);
            assert_runs(fixture, command.bytes);
            if (undo)
                continue;
            assert_ok(tidy_packs(fixture->store, &merged, &err));
            assert_false(merged);
        }
    // git's own pack, with offset deltas, among 23 of ours and one more.
    assert_runs(fixture, "$G repack -qadf && test $(ls $S/objects/pack/*.pack | wc -l) = 1");
    for (int i = TIDY_PACKS + 1; i < 2 * TIDY_PACKS + 1; i++)
        write_once(fixture, i);
    assert_ok(tidy_packs(fixture->store, &merged, &err));
    assert_true(merged);
    assert_int_equal(count_packs(fixture), 2);
    assert_history(fixture, 2 * TIDY_PACKS + 1);
}

static void test_tidy__damage_is_reported_and_nothing_removed(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    bool merged = true;
    for (int i = 0; i < TIDY_PACKS + 1; i++)
        write_once(fixture, i);
    // In the middle of a blob, which is copied without being looked into.
    assert_runs(fixture, "p=$(ls -t $S/objects/pack/*.pack | head -1) && chmod +w $p &&"
                         " at=$(git verify-pack -v $p | awk '$2 == \"blob\" { print $5 }') &&"
                         " printf X | dd of=$p bs=1 seek=$((at + 8)) conv=notrunc");
    assert_int_equal(tidy_packs(fixture->store, &merged, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "pack_malformed");
    assert_false(merged);
    assert_int_equal(count_packs(fixture), TIDY_PACKS + 1);
    assert_prints(fixture, "ls $S/objects/pack | grep -vc ^pack- || true", "0\n");
}

// Reads everything, again and again, until it is told to stop (the pipe is closed).
static int read_often(const char *path, int stop)
{
    struct error err = { 0 };
    struct store *store OWNED(store_release) = NULL;
    char byte;
    if (store_open(&store, path, NULL, &err) != STATUS_OK)
        return 1;
    while (read(stop, &byte, 1) == 1) {
        struct oid at;
        if (store_ref_get(store, "refs/heads/drafts", &at, &err) != STATUS_OK)
            return 2;
        for (int depth = 0; depth < 30 && !oid_is_none(&at); depth++) {
            struct commit commit OWNED(commit_release) = { 0 };
            struct oid found;
            bool is_tree;
            if (commit_read(store, &at, &commit, &err) != STATUS_OK ||
                tree_find(store, &commit.tree, "prompt/ns/artifact-3", &found, &is_tree, &err) !=
                    STATUS_OK)
                return 3;
            struct buffer bytes OWNED(buffer_release) = { 0 };
            if (object_read_blob(store, &found, 100, &bytes, &err) != STATUS_OK)
                return 4;
            at = commit.parent;
        }
    }
    return 0;
}

static void test_tidy__a_reader_in_another_process_misses_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    int pipes[2];
    write_once(fixture, 0);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        close(pipes[1]);
        _exit(read_often(fixture->path, pipes[0]));
    }
    close(pipes[0]);
    for (int i = 1; i < 24 * 4; i++) {
        write_once(fixture, i);
        assert_ok(tidy_store(fixture->store, &err));
        assert_int_equal(write(pipes[1], "x", 1), 1);
    }
    close(pipes[1]);
    int code = -1;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

static void test_tidy__removes_what_the_dead_left(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    write_once(fixture, 0);
    assert_runs(fixture,
                "cd $S/objects/pack && P=pack-0123456789abcdef0123456789abcdef0123456 &&"
                " touch tmp_greenroom_pack tmp_greenroom_idx ${P}1.idx ${P}2.pack tmp_pack_git &&"
                " touch -d '2 hours ago' ${P}3.pack ${P}4.keep && cd $S &&"
                " touch -d '1 minute ago' refs/heads/live.lock packed-refs.lock HEAD.lock &&"
                " touch -d '1 hour' refs/heads/fresh.lock && ls objects/pack > before"); // to come
    assert_ok(tidy_leftovers(fixture->store, &err));
    // Fresh ones may be stock git's at work.
    assert_prints(fixture,
                  "cd $S && ls objects/pack | diff before - | sed '/^[0-9]/d'; ls refs/heads;"
                  " ls *.lock 2> /dev/null || echo none",
                  "< pack-0123456789abcdef0123456789abcdef01234561.idx\n"
                  "< pack-0123456789abcdef0123456789abcdef01234563.pack\n"
                  "< tmp_greenroom_idx\n< tmp_greenroom_pack\n"
                  "drafts\nfresh.lock\nnone\n");
    assert_history(fixture, 1);
}

// Tags of the head, [from, to); their files are written by hand, for 1,000 moves take their time.
static void put_tags(struct fixture *fixture, int from, int to)
{
    struct error err = { 0 };
    struct oid head;
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    assert_ok(store_ref_get(fixture->store, "refs/heads/drafts", &head, &err));
    for (int i = from; i < to; i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer path OWNED(buffer_release) = { 0 };
        struct writer_tag words = { head, "x", "a <a@b>", i, "x" };
        struct oid tag;
        char hex[OID_TEXT_BYTES];
        assert_ok(writer_tag_text(&text, &words, &err));
        assert_ok(writer_put_tag(writer, text.bytes, NULL, &tag, &err));
        oid_format(&tag, hex);
        buffer_append_format(&path, "%s/refs/tags/release/prompt/%d/%d", fixture->path, i % 50, i);
        FILE *file = fopen(path.bytes, "w");
        assert_non_null(file);
        fprintf(file, "%s\n", hex);
        fclose(file);
    }
    assert_ok(writer_flush(writer, &err));
}

static void test_tidy__packs_tags_when_they_are_many(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    write_once(fixture, 0);
    assert_runs(fixture, "for i in $(seq 0 49); do mkdir -p $S/refs/tags/release/prompt/$i; done");
    put_tags(fixture, 0, TIDY_LOOSE_TAGS);
    assert_ok(tidy_tags(fixture->store, &err));
    assert_prints(fixture,
                  "find $S/refs/tags -type f | wc -l; ls $S/packed-refs 2> /dev/null"
                  " || echo none",
                  "1000\nnone\n");
    put_tags(fixture, TIDY_LOOSE_TAGS, TIDY_LOOSE_TAGS + 1);
    assert_runs(fixture, "$G show-ref -d > before && touch -d '1 minute ago' $S/packed-refs.lock");
    assert_ok(tidy_tags(fixture->store, &err));
    assert_prints(fixture, "find $S/refs/tags | wc -l; ls $S/refs/heads", "1\ndrafts\n");
    // git sees the same tags, peeled without reading them.
    assert_runs(fixture, "$G show-ref -d | cmp - before && grep -c '^\\^' $S/packed-refs");
    assert_runs(fixture, "mkdir -p $S/refs/tags/release/prompt/1 $S/refs/tags/release/prompt/2");
    put_tags(fixture, 1001, 1003);
    struct oid found;
    assert_ok(store_ref_get(fixture->store, "refs/tags/release/prompt/0/500", &found, &err));
    assert_false(oid_is_none(&found));
    assert_prints(fixture, "$G show-ref --tags | wc -l", "1003\n");
    assert_sound(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_tidy__packs_stay_few_and_small),
        ON_STORE(test_tidy__leaves_few_marked_and_foreign_packs_alone),
        ON_STORE(test_tidy__damage_is_reported_and_nothing_removed),
        ON_STORE(test_tidy__a_reader_in_another_process_misses_nothing),
        ON_STORE(test_tidy__removes_what_the_dead_left),
        ON_STORE(test_tidy__packs_tags_when_they_are_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
