// Refs: read, moved by compare-and-swap, listed; loose and packed.
#include "unit/store/store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct oid none;

// Five commits, one after the other.
struct line {
    struct oid commits[5];
};

static struct line make_line(struct fixture *fixture)
{
    struct error err = { 0 };
    struct line line;
    struct oid parent = none;
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid tree;
    assert_ok(writer_put_tree(writer, &none, NULL, 0, &tree, &err));
    for (size_t i = 0; i < COUNT_OF(line.commits); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct writer_commit words = { tree, parent, "A <a@b>", (int64_t)i, "x" };
        assert_ok(writer_commit_text(&text, &words, &err));
        assert_ok(writer_put_commit(writer, text.bytes, NULL, &line.commits[i], &err));
        parent = line.commits[i];
    }
    assert_ok(writer_flush(writer, &err));
    return line;
}

static void assert_stands(struct fixture *fixture, const char *ref, const struct oid *expected)
{
    struct error err = { 0 };
    struct oid found = { { 1 } };
    assert_ok(store_ref_get(fixture->store, ref, &found, &err));
    assert_memory_equal(&found, expected, sizeof(found));
    if (oid_is_none(expected))
        return;
    char text[OID_TEXT_BYTES];
    struct buffer command OWNED(buffer_release) = { 0 };
    oid_format(expected, text);
    buffer_append_format(&command, "test $($G rev-parse --verify %s) = %s", ref, text);
    assert_runs(fixture, buffer_text(&command));
}

static void test_store_ref__moves_from_what_was_expected(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    const char *ref = "refs/heads/drafts";
    struct store *store = fixture->store;
    assert_stands(fixture, ref, &none);
    assert_ok(store_ref_move(store, ref, &none, &line.commits[0], &err));
    assert_stands(fixture, ref, &line.commits[0]);
    assert_ok(store_ref_move(store, ref, &line.commits[0], &line.commits[1], &err));
    assert_stands(fixture, ref, &line.commits[1]);
    assert_int_equal(store_ref_move(store, ref, &none, &line.commits[2], &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "ref_moved");
    assert_int_equal(store_ref_move(store, ref, &line.commits[0], &line.commits[2], &err),
                     STATUS_CONFLICT);
    assert_int_equal(
        store_ref_move(store, "refs/heads/x", &line.commits[0], &line.commits[2], &err),
        STATUS_CONFLICT);
    assert_stands(fixture, ref, &line.commits[1]);
    assert_stands(fixture, "refs/heads/x", &none);
    assert_prints(fixture, "ls $S/refs/heads", "drafts\n");
    assert_sound(fixture);
}

// Seen through this handle as made, and by git only once they are.
static void test_store_ref__holds_moves_until_they_are_to_be_made(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    struct store *store = fixture->store;
    const char *ref = "refs/heads/drafts";
    struct oid found;
    size_t count;
    store_ref_hold(store);
    assert_ok(store_ref_move(store, ref, &none, &line.commits[0], &err));
    assert_ok(store_ref_move(store, ref, &line.commits[0], &line.commits[1], &err));
    assert_int_equal(store_ref_move(store, ref, &line.commits[0], &line.commits[2], &err),
                     STATUS_CONFLICT);
    assert_ok(store_ref_get(store, ref, &found, &err));
    assert_memory_equal(&found, &line.commits[1], sizeof(found));
    assert_runs(fixture, "! $G rev-parse -q --verify refs/heads/drafts");
    assert_string_equal(store_ref_held(store, &count)->ref, ref);
    assert_int_equal(count, 2);
    assert_ok(store_ref_make_held(store, &err));
    assert_stands(fixture, ref, &line.commits[1]);

    store_ref_hold(store);
    assert_ok(store_ref_move(store, ref, &line.commits[1], &line.commits[2], &err));
    store_ref_drop_held(store);
    assert_stands(fixture, ref, &line.commits[1]);
    assert_ok(store_ref_move(store, ref, &line.commits[1], &line.commits[3], &err));
    assert_stands(fixture, ref, &line.commits[3]);
}

static void test_store_ref__makes_the_folders_of_a_tag(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    const char *ref = "refs/tags/release/prompt/outbound/greeting/4";
    assert_ok(store_ref_move(fixture->store, ref, &none, &line.commits[0], &err));
    assert_stands(fixture, ref, &line.commits[0]);
    // An empty folder in the place of a new ref is what git leaves behind.
    assert_runs(fixture, "mkdir $S/refs/heads/live");
    assert_ok(store_ref_move(fixture->store, "refs/heads/live", &none, &line.commits[1], &err));
    assert_stands(fixture, "refs/heads/live", &line.commits[1]);
}

static void test_store_ref__is_the_same_when_git_packed_it(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    const char *ref = "refs/heads/live";
    assert_ok(store_ref_move(fixture->store, ref, &none, &line.commits[0], &err));
    assert_runs(fixture, "$G pack-refs --all && ! test -e $S/refs/heads/live");
    assert_stands(fixture, ref, &line.commits[0]);
    assert_int_equal(store_ref_move(fixture->store, ref, &none, &line.commits[1], &err),
                     STATUS_CONFLICT);
    assert_ok(store_ref_move(fixture->store, ref, &line.commits[0], &line.commits[1], &err));
    assert_stands(fixture, ref, &line.commits[1]);
}

static void test_store_ref__no_name_is_a_folder_of_another(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    struct store *store = fixture->store;
    assert_ok(store_ref_move(store, "refs/tags/a/b", &none, &line.commits[0], &err));
    for (int packed = 0; packed < 2; packed++) {
        static const char *const taken[] = { "refs/tags/a", "refs/tags/a/b/c",
                                             "refs/tags/a/b/c/d" };
        for (size_t i = 0; i < COUNT_OF(taken); i++) {
            assert_int_equal(store_ref_move(store, taken[i], &none, &line.commits[1], &err),
                             STATUS_CONFLICT);
            assert_string_equal(err.code, "ref_taken");
        }
        assert_runs(fixture, "$G pack-refs --all");
    }
    assert_ok(store_ref_move(store, "refs/tags/a/bc", &none, &line.commits[1], &err));
    assert_stands(fixture, "refs/tags/a/b", &line.commits[0]);
    assert_sound(fixture);
}

static void test_store_ref__refuses_bad_names_and_damaged_files(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid found;
    static const char *const bad[] = {
        "",        "HEAD",     "heads/a",     "refs/",         "refs/../x",  "refs/heads/a.",
        "refs//a", "refs/a b", "refs/a.lock", "refs/heads/.a", "/refs/heads"
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(store_ref_get(fixture->store, bad[i], &found, &err), STATUS_INVALID);
    assert_runs(fixture, "cd $S/refs/heads && : > empty && echo 12ab > short &&"
                         " echo 'ref: refs/heads/live' > symbolic");
    static const char *const damaged[] = { "refs/heads/empty", "refs/heads/short",
                                           "refs/heads/symbolic" };
    for (size_t i = 0; i < COUNT_OF(damaged); i++)
        assert_int_equal(store_ref_get(fixture->store, damaged[i], &found, &err), STATUS_DAMAGED);
}

static void test_store_ref__removes_a_stale_lock(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    assert_runs(fixture, "touch -d '1 hour ago' $S/refs/heads/live.lock");
    assert_ok(store_ref_move(fixture->store, "refs/heads/live", &none, &line.commits[0], &err));
    assert_prints(fixture, "ls $S/refs/heads", "live\n");
}

// Moves a ref forward along its own commits, many times, as a process of its own.
static int move_often(const char *path, const struct line *line, int times)
{
    struct error err = { 0 };
    struct store *store OWNED(store_release) = NULL;
    if (store_open(&store, path, sha1_stream_new, &err) != STATUS_OK)
        return 1;
    for (int i = 0; i < times;) {
        struct oid at;
        if (store_ref_get(store, "refs/heads/live", &at, &err) != STATUS_OK)
            return 2;
        size_t next = 0;
        while (next < 5 && !oid_equal(&line->commits[next], &at))
            next++;
        enum status status =
            store_ref_move(store, "refs/heads/live", &at, &line->commits[(next + 1) % 5], &err);
        if (status != STATUS_OK && status != STATUS_CONFLICT)
            return 3;
        i += status == STATUS_OK;
    }
    return 0;
}

// 2 times 101 moves around a ring of 5 end two places on, unless one was lost.
static void test_store_ref__two_processes_lose_no_move(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    assert_ok(store_ref_move(fixture->store, "refs/heads/live", &none, &line.commits[0], &err));
    pid_t child = fork();
    if (child == 0)
        _exit(move_often(fixture->path, &line, 101));
    int code = move_often(fixture->path, &line, 101);
    int child_code = -1;
    assert_int_equal(waitpid(child, &child_code, 0), child);
    assert_int_equal(child_code, 0);
    assert_int_equal(code, 0);
    assert_stands(fixture, "refs/heads/live", &line.commits[202 % 5]);
}

static enum status list_ref(void *context, const char *ref, const struct oid *oid,
                            struct error *err)
{
    (void)err;
    buffer_append_format(context, "%s=%d\n", ref, oid->bytes[0]);
    return STATUS_OK;
}

static void assert_lists(struct fixture *fixture, const char *pattern, const char *expected)
{
    struct error err = { 0 };
    struct buffer list OWNED(buffer_release) = { 0 };
    assert_ok(store_ref_each(fixture->store, pattern, list_ref, &list, &err));
    assert_string_equal(buffer_text(&list), expected);
}

static void test_store_ref__lists_loose_and_packed_once_each(void **state)
{
    struct fixture *fixture = *state;
    static const char *const refs[] = { "refs/heads/live", "refs/tags/release/prompt/a/1",
                                        "refs/tags/release/prompt/a/2",
                                        "refs/tags/release/prompt-b/1", "refs/tags/releases" };
    struct error err = { 0 };
    struct oid id = { { 0 } };
    assert_lists(fixture, "refs/tags/release/*", "");
    for (size_t i = 0; i < COUNT_OF(refs); i++) {
        id.bytes[0] = (uint8_t)(10 + i);
        assert_ok(store_ref_move(fixture->store, refs[i], &none, &id, &err));
    }
    const char *all = "refs/tags/release/prompt-b/1=13\nrefs/tags/release/prompt/a/1=11\n"
                      "refs/tags/release/prompt/a/2=12\n";
    assert_lists(fixture, "refs/tags/release/*", all);
    assert_lists(fixture, "refs/heads/*", "refs/heads/live=10\n");
    assert_lists(fixture, "refs/tags/release/prompt/a/1", "refs/tags/release/prompt/a/1=11\n");
    // The same packed (by hand: these ids are of no objects), and one of them moved since.
    assert_runs(fixture, "cd $S && { echo '# pack-refs with: peeled fully-peeled sorted '; "
                         "find refs/tags -type f | LC_ALL=C sort | while read ref; do"
                         " echo \"$(cat $ref) $ref\"; done; } > packed-refs && rm -r refs/tags/*");
    assert_lists(fixture, "refs/tags/release/*", all);
    struct oid from = { { 12 } };
    struct oid to = { { 42 } };
    assert_ok(store_ref_move(fixture->store, refs[2], &from, &to, &err));
    assert_lists(fixture, "refs/tags/release/prompt/*",
                 "refs/tags/release/prompt/a/2=42\nrefs/tags/release/prompt/a/1=11\n");
    assert_int_equal(store_ref_each(fixture->store, "*", list_ref, NULL, &err), STATUS_INVALID);
}

static void test_store_ref__creates_many_or_none(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct line line = make_line(fixture);
    struct oid tag;
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer_tag words = { line.commits[0], "t", "a <a@b>", 1, "x" };
    assert_ok(writer_tag_text(&text, &words, &err));
    assert_ok(writer_put_tag(writer, text.bytes, NULL, &tag, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(store_ref_move(fixture->store, "refs/tags/loose/a", &none, &tag, &err));
    struct store_ref good[] = { { "refs/tags/b/1", tag },
                                { "refs/tags/a/2", line.commits[1] },
                                { "refs/tags/b-c", tag },
                                { "refs/tags/b/1.x", tag } };
    assert_ok(store_ref_create(fixture->store, good, COUNT_OF(good), &err));
    assert_ok(store_ref_create(fixture->store, good, 0, &err));
    assert_runs(fixture, "$G show-ref -d > before && $G pack-refs --all && $G show-ref -d | cmp - "
                         "before && grep -c '^^' $S/packed-refs | grep 4");
    static const char *const taken[] = { "refs/tags/b",       "refs/tags/b/1/2",
                                         "refs/tags/b/1",     "refs/tags/loose",
                                         "refs/tags/loose/a", "refs/tags/loose/a/b",
                                         "refs/tags/new",     "refs/tags/new/x/y",
                                         "refs/tags/z/y" };
    assert_ok(store_ref_move(fixture->store, "refs/tags/new/x", &none, &tag, &err));
    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        struct store_ref bad[] = { { "refs/tags/z", tag },
                                   { taken[i], tag },
                                   { "refs/tags/z-", tag } };
        assert_int_equal(store_ref_create(fixture->store, bad, 3, &err), STATUS_CONFLICT);
        assert_stands(fixture, "refs/tags/z", &none);
    }
    struct store_ref absent = { "refs/tags/z", { { 1 } } };
    assert_int_equal(store_ref_create(fixture->store, &absent, 1, &err), STATUS_DAMAGED);
    assert_sound(fixture);
}

static enum status stop(void *context, const char *ref, const struct oid *oid, struct error *err)
{
    (void)ref, (void)oid;
    ++*(int *)context;
    return error_set(err, STATUS_REFUSED, "stop", "enough");
}

static void test_store_ref__listing_stops_when_the_visitor_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid id = { { 1 } };
    int visits = 0;
    assert_ok(store_ref_move(fixture->store, "refs/heads/a", &none, &id, &err));
    assert_ok(store_ref_move(fixture->store, "refs/heads/b", &none, &id, &err));
    assert_int_equal(store_ref_each(fixture->store, "refs/heads/*", stop, &visits, &err),
                     STATUS_REFUSED);
    assert_int_equal(visits, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_store_ref__moves_from_what_was_expected),
        ON_STORE(test_store_ref__holds_moves_until_they_are_to_be_made),
        ON_STORE(test_store_ref__makes_the_folders_of_a_tag),
        ON_STORE(test_store_ref__is_the_same_when_git_packed_it),
        ON_STORE(test_store_ref__no_name_is_a_folder_of_another),
        ON_STORE(test_store_ref__refuses_bad_names_and_damaged_files),
        ON_STORE(test_store_ref__removes_a_stale_lock),
        ON_STORE(test_store_ref__two_processes_lose_no_move),
        ON_STORE(test_store_ref__lists_loose_and_packed_once_each),
        ON_STORE(test_store_ref__creates_many_or_none),
        ON_STORE(test_store_ref__listing_stops_when_the_visitor_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
