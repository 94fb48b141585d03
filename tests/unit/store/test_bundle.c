// Bundles: stock git takes what is written, and what is read is what was written.
#include "unit/store/store_fixture.h"

#include "store/bundle.h"

static enum status append(void *context, const void *bytes, size_t length, struct error *err)
{
    buffer_append(context, bytes, length);
    return buffer_check(context, err);
}

// A branch of two commits and an annotated tag on the first, made by stock git.
static void make_history(struct fixture *fixture)
{
    assert_runs(
        fixture,
        "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a "
        "GIT_COMMITTER_EMAIL=a@example.com; blob=$(echo one | $G hash-object -w --stdin); "
        "tree=$(printf '100644 blob %s\\tfile\\n' $blob | $G mktree); "
        "first=$($G commit-tree -m first $tree); "
        "second=$($G commit-tree -m second -p $first $tree); "
        "$G update-ref refs/heads/live $second; $G tag -a -m tag release/prompt/a/1 $first");
}

static void write_bundle(struct fixture *fixture, struct buffer *out)
{
    struct error err = { 0 };
    struct oid oids[2];
    static const char *const names[] = { "refs/heads/live", "refs/tags/release/prompt/a/1" };
    struct store_ref refs[2];
    for (size_t i = 0; i < COUNT_OF(refs); i++) {
        assert_ok(store_ref_get(fixture->store, names[i], &oids[i], &err));
        refs[i] = (struct store_ref) { names[i], oids[i] };
    }
    assert_ok(bundle_write(fixture->store, refs, COUNT_OF(refs), append, out, &err));
}

static enum status read_into(struct fixture *fixture, const char *name, const struct buffer *bytes,
                             struct error *out_err)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = NULL;
    struct store *store OWNED(store_release) = NULL;
    assert_ok(file_join(&path, fixture->folder, name, &err));
    assert_ok(store_create(path, &err));
    assert_ok(store_open(&store, path, sha1_stream_new, &err));
    return bundle_read(store, bytes->bytes, bytes->length, out_err);
}

static void test_bundle__is_read_by_stock_git_and_by_us(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    char *path OWNED(memory_release) = NULL;
    make_history(fixture);
    write_bundle(fixture, &bytes);
    assert_ok(file_join(&path, fixture->folder, "a.bundle", &err));
    assert_ok(file_write_atomic(path, bytes.bytes, bytes.length, 0644, &err));
    assert_runs(fixture, "$G bundle verify ../a.bundle && git clone -q --mirror a.bundle b.git && "
                         "git -C b.git fsck --strict");
    assert_ok(read_into(fixture, "c.git", &bytes, &err));
    assert_runs(fixture, "git -C c.git fsck --strict && $G for-each-ref >a.txt && "
                         "git -C c.git for-each-ref >c.txt && cmp a.txt c.txt");
}

static void test_bundle__refuses_damage(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    make_history(fixture);
    write_bundle(fixture, &bytes);
    char *middle = &bytes.bytes[bytes.length - 40];
    *middle ^= 1;
    assert_int_equal(read_into(fixture, "flipped.git", &bytes, &err), STATUS_DAMAGED);
    *middle ^= 1;
    size_t whole = bytes.length;
    bytes.length = whole - 30;
    assert_int_equal(read_into(fixture, "cut.git", &bytes, &err), STATUS_DAMAGED);
    bytes.length = 60;
    assert_int_equal(read_into(fixture, "header.git", &bytes, &err), STATUS_DAMAGED);
    bytes.length = whole;
    bytes.bytes[2] = 'x';
    assert_int_equal(read_into(fixture, "signature.git", &bytes, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "bundle_damaged");
}

static void test_bundle__refuses_a_header_that_names_what_is_not_there(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    make_history(fixture);
    write_bundle(fixture, &bytes);
    char *id = strchr(bytes.bytes, '\n') + 1;
    memset(id, 'a', OID_TEXT_BYTES - 1);
    assert_int_equal(read_into(fixture, "elsewhere.git", &bytes, &err), STATUS_DAMAGED);
    memset(id, 'g', OID_TEXT_BYTES - 1);
    assert_int_equal(read_into(fixture, "no-id.git", &bytes, &err), STATUS_DAMAGED);
    *id = '-';
    assert_int_equal(read_into(fixture, "thin.git", &bytes, &err), STATUS_DAMAGED);
    assert_string_equal(err.message, "the git bundle is damaged: it builds on another bundle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_bundle__is_read_by_stock_git_and_by_us),
        ON_STORE(test_bundle__refuses_damage),
        ON_STORE(test_bundle__refuses_a_header_that_names_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
