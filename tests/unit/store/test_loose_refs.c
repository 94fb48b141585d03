// Loose refs: one, and all below a folder.
#include "unit/store/store_fixture.h"

#include "store/loose_refs.h"

static void assert_finds(struct fixture *fixture, const char *name, enum status expected,
                         uint8_t first_byte)
{
    struct error err = { 0 };
    struct oid oid = { { 99 } };
    assert_int_equal(loose_refs_find(fixture->path, name, &oid, &err), expected);
    if (expected == STATUS_OK)
        assert_int_equal(oid.bytes[0], first_byte);
}

static void test_loose_refs__finds_one(void **state)
{
    struct fixture *fixture = *state;
    assert_runs(fixture,
                "cd $S/refs/heads && ID=1123456789012345678901234567890123456789 &&"
                " echo $ID > a && printf $ID > b && echo $ID x > c && echo ref: $ID > d &&"
                " printf '%s\\r\\n' $ID > e && : > f && mkdir g && head -c 2000 /dev/zero > h");
    assert_finds(fixture, "refs/heads/a", STATUS_OK, 0x11);
    assert_finds(fixture, "refs/heads/b", STATUS_OK, 0x11);
    assert_finds(fixture, "refs/heads/absent", STATUS_OK, 0);
    assert_finds(fixture, "refs/heads/a/b", STATUS_OK, 0);
    assert_finds(fixture, "refs/heads/g", STATUS_OK, 0);
    assert_finds(fixture, "refs/heads/c", STATUS_DAMAGED, 0);
    assert_finds(fixture, "refs/heads/d", STATUS_DAMAGED, 0);
    assert_finds(fixture, "refs/heads/e", STATUS_DAMAGED, 0);
    assert_finds(fixture, "refs/heads/f", STATUS_DAMAGED, 0);
    assert_finds(fixture, "refs/heads/h", STATUS_TOO_LARGE, 0);
}

static void test_loose_refs__reads_all_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct loose_refs refs OWNED(loose_refs_release) = { 0 };
    assert_ok(loose_refs_read(&refs, fixture->path, "refs/absent", &err));
    assert_int_equal(refs.count, 0);
    assert_runs(fixture, "cd $S/refs/tags && mkdir -p a/b empty && for t in a/c a/b/x a-b z z.lock"
                         " .hidden; do echo 1123456789012345678901234567890123456789 > $t; done");
    assert_ok(loose_refs_read(&refs, fixture->path, "refs/tags", &err));
    static const char *const expected[] = { "refs/tags/a-b", "refs/tags/a/b/x", "refs/tags/a/c",
                                            "refs/tags/z" };
    assert_int_equal(refs.count, COUNT_OF(expected));
    for (size_t i = 0; i < refs.count; i++) {
        assert_string_equal(refs.items[i].name, expected[i]);
        assert_true(loose_refs_has(&refs, expected[i]));
    }
    assert_false(loose_refs_has(&refs, "refs/tags/a"));
    struct loose_refs damaged OWNED(loose_refs_release) = { 0 };
    assert_runs(fixture, "echo x > $S/refs/tags/a/d");
    assert_int_equal(loose_refs_read(&damaged, fixture->path, "refs/tags", &err), STATUS_DAMAGED);
    assert_int_equal(damaged.count, 0);
}

static void test_loose_refs__are_not_followed_without_end(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct loose_refs refs OWNED(loose_refs_release) = { 0 };
    assert_runs(fixture, "ln -s . $S/refs/tags/round");
    assert_int_equal(loose_refs_read(&refs, fixture->path, "refs/tags", &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "refs_too_deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_loose_refs__finds_one),
        ON_STORE(test_loose_refs__reads_all_in_order),
        ON_STORE(test_loose_refs__are_not_followed_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
