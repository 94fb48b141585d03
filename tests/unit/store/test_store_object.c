// Single objects: named as git names them, added once, peeled.
#include "unit/store/store_fixture.h"

#include "store/store_internal.h"
#include "store/store_object.h"

static void test_store_object__is_named_as_git_names_it(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    static const char *const texts[] = { "", "x", "two\nlines\n" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct oid oid;
        struct buffer command OWNED(buffer_release) = { 0 };
        char text[OID_TEXT_BYTES];
        assert_ok(store_object_name(texts[i], strlen(texts[i]), GIT_OBJECT_BLOB, &oid, &err));
        oid_format(&oid, text);
        buffer_append_format(&command, "printf '%s' | git hash-object --stdin | tr -d '\\n'",
                             texts[i]);
        assert_prints(fixture, command.bytes, text);
    }
}

static void test_store_object__header_is_what_the_hash_begins_with(void **state)
{
    (void)state;
    char header[STORE_OBJECT_HEADER_BYTES];
    assert_int_equal(store_object_blob_header(header, UINT64_MAX), 5 + 20 + 1);
    assert_string_equal(header, "blob 18446744073709551615");
    assert_int_equal(store_object_blob_header(header, 0), 7);
    assert_memory_equal(header, "blob 0", 7);
}

static void test_store_object__is_added_unless_it_exists(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid first;
    struct oid again;
    for (int round = 0; round < 2; round++) {
        struct writer *writer OWNED(writer_release) = new_writer(fixture);
        struct buffer bytes OWNED(buffer_release) = { 0 };
        buffer_append_text(&bytes, "text");
        assert_ok(store_object_add(fixture->store, GIT_OBJECT_BLOB, &bytes, round ? &again : &first,
                                   &err));
        assert_int_equal(fixture->store->pending->count, round ? 0 : 1);
        assert_ok(writer_flush(writer, &err));
    }
    assert_memory_equal(&first, &again, sizeof(first));
}

static void test_store_object__says_what_a_tag_names(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct oid blob;
    struct oid tag;
    struct oid peeled = { { 1 } };
    assert_ok(writer_put_blob(writer, "x", 1, &blob, &err));
    assert_ok(store_object_peel(fixture->store, &blob, &peeled, &err));
    assert_true(oid_is_none(&peeled));
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer_tag words = { blob, "t", "a <a@b>", 1, "x" };
    assert_ok(writer_tag_text(&text, &words, &err));
    assert_ok(writer_put_tag(writer, text.bytes, NULL, &tag, &err));
    assert_ok(store_object_peel(fixture->store, &tag, &peeled, &err));
    assert_memory_equal(&peeled, &blob, sizeof(blob));
    assert_ok(writer_put_tag(writer, "nonsense", NULL, &tag, &err));
    assert_int_equal(store_object_peel(fixture->store, &tag, &peeled, &err), STATUS_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_store_object__is_named_as_git_names_it),
        cmocka_unit_test(test_store_object__header_is_what_the_hash_begins_with),
        ON_STORE(test_store_object__is_added_unless_it_exists),
        ON_STORE(test_store_object__says_what_a_tag_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
