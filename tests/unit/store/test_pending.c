// The objects of a write in progress.
#include "unit/store/store_fixture.h"

#include "store/pending.h"
#include "store/store_internal.h"
#include "store/store_object.h"

static struct oid add_text(struct fixture *fixture, const char *text)
{
    struct error err = { 0 };
    struct oid oid;
    struct buffer bytes OWNED(buffer_release) = { 0 };
    buffer_append_text(&bytes, text);
    assert_ok(store_object_name(text, strlen(text), GIT_OBJECT_BLOB, &oid, &err));
    assert_ok(pending_add_bytes(fixture->store->pending, &oid, GIT_OBJECT_BLOB, &bytes, &err));
    assert_null(bytes.bytes); // taken over
    return oid;
}

static void test_pending__holds_each_object_once(void **state)
{
    struct fixture *fixture = *state;
    struct pending *pending = fixture->store->pending;
    struct oid a = add_text(fixture, "a");
    struct oid empty = add_text(fixture, "");
    add_text(fixture, "a");
    assert_int_equal(pending->count, 2);
    assert_string_equal(pending_find(pending, &a)->bytes, "a");
    assert_string_equal(pending_find(pending, &empty)->bytes, "");
    assert_int_equal(pending_find(pending, &empty)->size_bytes, 0);
    pending_clear(pending);
    assert_int_equal(pending->count, 0);
    assert_null(pending_find(pending, &a));
}

static void test_pending__is_read_through_libgit2(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid oid = add_text(fixture, "bytes");
    git_odb_object *object OWNED(store_object_release) = NULL;
    assert_ok(store_object_read_typed(fixture->store, &oid, GIT_OBJECT_BLOB, &object, &err));
    assert_int_equal(git_odb_object_size(object), 5);
    assert_memory_equal(git_odb_object_data(object), "bytes", 5);
    assert_true(store_object_exists(fixture->store, &oid));
    size_t size = 0;
    git_object_t type;
    git_oid id;
    store_to_git(&id, &oid);
    assert_int_equal(git_odb_read_header(&size, &type, fixture->store->odb, &id), 0);
    assert_int_equal(size, 5);
    assert_int_equal(type, GIT_OBJECT_BLOB);
}

static void test_pending__a_file_is_known_but_not_read(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct oid oid = { { 7 } };
    fill_content(&content, "a", "12345", NULL);
    assert_ok(pending_add_file(fixture->store->pending, &oid, &content.files[0], &err));
    assert_ok(pending_add_file(fixture->store->pending, &oid, &content.files[0], &err));
    assert_int_equal(fixture->store->pending->count, 1);
    assert_true(store_object_exists(fixture->store, &oid));
    git_odb_object *object = NULL;
    assert_int_equal(store_object_read(fixture->store, &oid, &object, &err), STATUS_DAMAGED);
    pending_clear(fixture->store->pending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_pending__holds_each_object_once),
        ON_STORE(test_pending__is_read_through_libgit2),
        ON_STORE(test_pending__a_file_is_known_but_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
