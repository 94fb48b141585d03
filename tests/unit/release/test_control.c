// Control, as somebody who can write to the store might have made it.
#include "unit/store/store_fixture.h"

#include "release/control.h"

#define FOLDERS 30000 // each level of a careless reader takes a few hundred bytes of stack

static void put_file(struct writer *writer, struct writer_change *change, const char *path,
                     const char *text)
{
    struct error err = { 0 };
    *change = (struct writer_change) { .path = path };
    assert_ok(writer_put_blob(writer, text, strlen(text), &change->oid, &err));
}

// Commits a policy, no approvers, no bindings, and `folder` under that name.
static void commit_control(struct fixture *fixture, struct writer *writer, const char *name,
                           const struct oid *folder)
{
    struct error err = { 0 };
    const struct oid none = { 0 };
    struct oid oid;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer_commit commit = { .actor = "somebody", .time = 1790000000, .message = "deep\n" };
    struct writer_change changes[4];
    put_file(writer, &changes[0], "policy.json", "{}");
    put_file(writer, &changes[1], "approvers", "");
    put_file(writer, &changes[2], "bindings.json", "{}");
    changes[3] = (struct writer_change) { name, *folder, true };
    assert_ok(writer_put_tree(writer, &none, changes, COUNT_OF(changes), &commit.tree, &err));
    assert_ok(writer_commit_text(&text, &commit, &err));
    assert_ok(writer_put_commit(writer, text.bytes, NULL, &oid, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(store_ref_move(fixture->store, CONTROL_REF, &none, &oid, &err));
}

static void test_control__does_not_follow_folders_without_end(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    const struct oid none = { 0 };
    struct control control OWNED(control_release) = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct writer_change change;
    put_file(writer, &change, "1.json", "{}");
    for (int i = 0; i < FOLDERS; i++) {
        struct oid tree;
        assert_ok(writer_put_tree(writer, &none, &change, 1, &tree, &err));
        change = (struct writer_change) { "a", tree, true };
    }
    commit_control(fixture, writer, "quarantine", &change.oid);
    assert_int_equal(control_read(&control, fixture->store, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.message, "deeper in each other than a name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_control__does_not_follow_folders_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
