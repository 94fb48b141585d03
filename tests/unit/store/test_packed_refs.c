// The file packed-refs, as stock git writes it and reads ours.
#include "unit/store/store_fixture.h"

#include "store/packed_refs.h"

static struct oid id_of(unsigned number)
{
    struct oid oid = { 0 };
    memcpy(oid.bytes + OID_BYTES - sizeof(number), &number, sizeof(number));
    oid.bytes[0] = 1;
    return oid;
}

static void write_packed(struct fixture *fixture, const char *text)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = NULL;
    assert_ok(file_join(&path, fixture->path, PACKED_REFS_NAME, &err));
    assert_ok(file_write_atomic(path, text, strlen(text), 0644, &err));
}

// Names whose order depends on what sorts before '/', so that a search cannot be right by chance.
static void name_of(char out[100], unsigned number)
{
    static const char *const between[] = { "/", "-", ".a/", "/a-b/", "/ab/", "0/" };
    snprintf(out, 100, "refs/tags/release/%c%s%u", 'a' + (int)(number * 7 % 26),
             between[number % COUNT_OF(between)], number);
}

static void append_line(struct buffer *text, unsigned number)
{
    char name[100];
    struct oid oid = id_of(number);
    name_of(name, number);
    buffer_append_hex(text, oid.bytes, OID_BYTES);
    buffer_append_format(text, " %s\n", name);
    if (number % 3 == 0) {
        struct oid peeled = id_of(number + 100000);
        buffer_append_byte(text, '^');
        buffer_append_hex(text, peeled.bytes, OID_BYTES);
        buffer_append_byte(text, '\n');
    }
}

static void assert_finds_each(struct fixture *fixture, unsigned count)
{
    struct error err = { 0 };
    struct packed_refs refs OWNED(packed_refs_release) = { 0 };
    assert_ok(packed_refs_open(&refs, fixture->path, &err));
    for (unsigned i = 0; i < count + 50; i++) {
        char name[100];
        struct oid found;
        struct oid expected = id_of(i);
        name_of(name, i);
        assert_ok(packed_refs_find(&refs, name, &found, &err));
        if (i < count)
            assert_memory_equal(&found, &expected, sizeof(found));
        else
            assert_true(oid_is_none(&found));
    }
}

static void test_packed_refs__finds_each_of_many(void **state)
{
    struct fixture *fixture = *state;
    static const unsigned counts[] = { 0, 1, 2, 3, 50, 1000 };
    for (size_t c = 0; c < COUNT_OF(counts); c++) {
        struct buffer lines OWNED(buffer_release) = { 0 };
        for (unsigned i = 0; i < counts[c]; i++)
            append_line(&lines, i);
        // Unsorted, as very old git left them.
        write_packed(fixture, buffer_text(&lines));
        assert_finds_each(fixture, counts[c]);
        // Sorted by us, by adding the first again.
        struct error err = { 0 };
        char name[100];
        name_of(name, 0);
        struct packed_ref first = { name, strlen(name), id_of(0), id_of(100000) };
        assert_ok(packed_refs_add(fixture->path, &first, counts[c] > 0, &err));
        struct packed_refs refs OWNED(packed_refs_release) = { 0 };
        assert_ok(packed_refs_open(&refs, fixture->path, &err));
        assert_true(refs.is_sorted);
        assert_finds_each(fixture, counts[c]);
    }
}

static void test_packed_refs__is_what_git_reads(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    assert_runs(fixture,
                "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a"
                " GIT_COMMITTER_EMAIL=a@b;"
                " commit=$($G commit-tree $($G hash-object -t tree -w /dev/null) -m x) &&"
                " for tag in b/2 b/1 a.b a/b b-c; do $G tag -m x $tag $commit; done &&"
                " $G update-ref refs/tags/plain $commit && $G show-ref -d > before &&"
                " $G pack-refs --all && $G update-ref refs/tags/new $commit && echo $commit > id");
    struct buffer id OWNED(buffer_release) = { 0 };
    assert_int_equal(run(fixture, &id, "printf %s $(cat id)"), 0);
    struct packed_ref added = { .name = "refs/tags/new", .name_bytes = 13 };
    assert_ok(oid_parse(&added.oid, buffer_text(&id), &err));
    assert_ok(packed_refs_add(fixture->path, &added, 1, &err));
    assert_runs(fixture, "rm $S/refs/tags/new && $G update-ref -d refs/tags/new &&"
                         " $G show-ref -d | cmp - before");
    assert_ok(packed_refs_add(fixture->path, &added, 1, &err));
    assert_runs(fixture, "$G show-ref -d | grep -v refs/tags/new | cmp - before &&"
                         " $G rev-parse -q --verify refs/tags/new");
    added.name = "refs/tags/plain"; // again
    added.name_bytes = strlen(added.name);
    assert_ok(packed_refs_add(fixture->path, &added, 1, &err));
    assert_prints(fixture, "cut -d' ' -f2 $S/packed-refs | sort | uniq -d | grep refs; true", "");
    assert_sound(fixture);
}

static void test_packed_refs__meets_them_from_a_name_on(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct packed_ref added[] = { { "refs/tags/a", 11, id_of(1), id_of(2) },
                                  { "refs/tags/b", 11, id_of(3), { { 0 } } } };
    assert_ok(packed_refs_add(fixture->path, added, 2, &err));
    struct packed_refs refs OWNED(packed_refs_release) = { 0 };
    assert_ok(packed_refs_open(&refs, fixture->path, &err));
    size_t at = 0;
    struct packed_ref ref;
    bool found = false;
    assert_ok(packed_refs_seek(&refs, "refs/tags/aa", &at, &err));
    assert_ok(packed_refs_next(&refs, &at, &ref, &found, &err));
    assert_true(found);
    assert_memory_equal(ref.name, "refs/tags/b\n", 12);
    assert_true(oid_is_none(&ref.peeled));
    assert_ok(packed_refs_next(&refs, &at, &ref, &found, &err));
    assert_false(found);
    assert_ok(packed_refs_seek(&refs, "refs/tags/a", &at, &err));
    assert_ok(packed_refs_next(&refs, &at, &ref, &found, &err));
    struct oid peeled = id_of(2);
    assert_memory_equal(&ref.peeled, &peeled, sizeof(peeled));
}

static void test_packed_refs__refuses_what_is_no_ref(void **state)
{
    struct fixture *fixture = *state;
    static const char *const bad[] = {
        "x",
        "0123456789abcdef0123456789abcdef01234567",
        "0123456789abcdef0123456789abcdef01234567 refs/tags/a",
        "0123456789abcdef0123456789abcdef01234567 \n",
        "0123456789abcdef0123456789abcdef0123456x refs/tags/a\n",
        "0123456789abcdef0123456789abcdef01234567-refs/tags/a\n",
        "0123456789abcdef0123456789abcdef01234567 refs/tags/a\n^0123456789\n",
        "0123456789abcdef0123456789abcdef01234567 refs/tags/a\n^",
        "\n",
        "# pack-refs with: peeled fully-peeled sorted \n\n\n",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        struct oid oid;
        struct packed_refs refs OWNED(packed_refs_release) = { 0 };
        write_packed(fixture, bad[i]);
        assert_ok(packed_refs_open(&refs, fixture->path, &err));
        assert_int_equal(packed_refs_find(&refs, "refs/tags/b", &oid, &err), STATUS_DAMAGED);
        assert_string_equal(err.code, "refs_malformed");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_packed_refs__finds_each_of_many),
        ON_STORE(test_packed_refs__is_what_git_reads),
        ON_STORE(test_packed_refs__meets_them_from_a_name_on),
        ON_STORE(test_packed_refs__refuses_what_is_no_ref),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
