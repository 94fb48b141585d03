// What uses what: found from both ends, replaced as a whole, gone with the rest of the index.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/index.h"
#include "ledger/index_use.h"

static struct artifact_id make_id(const char *text)
{
    struct artifact_id id = { 0 };
    struct error err = { 0 };
    assert_int_equal(id_parse(&id, text, &err), STATUS_OK);
    return id;
}

// Puts a version and makes it live, or takes the artifact out of live with version 0.
static void set_live(struct fixture *fixture, const char *text)
{
    struct index_version version = { .id = make_id(text), .time = 1 };
    if (version.id.version)
        assert_int_equal(index_put_version(fixture->ledger, &version, &fixture->err), STATUS_OK);
    assert_int_equal(index_set_live(fixture->ledger, &version.id, 1, &fixture->err), STATUS_OK);
}

static void set_uses(struct fixture *fixture, const char *user, const char *first,
                     const char *second)
{
    struct artifact_id id = make_id(user);
    struct artifact_id used[2];
    size_t count = 0;
    if (first)
        used[count++] = make_id(first);
    if (second)
        used[count++] = make_id(second);
    assert_int_equal(index_use_set(fixture->ledger, &id, used, count, &fixture->err), STATUS_OK);
}

static enum status note(void *context, const struct artifact_id *id, struct error *err)
{
    char text[ID_TEXT_BYTES];
    (void)err;
    id_format(id, text);
    buffer_append_format(context, "%s ", text);
    return STATUS_OK;
}

static void assert_users(struct fixture *fixture, const char *used, const char *expected)
{
    struct buffer found OWNED(buffer_release) = { 0 };
    struct artifact_id id = make_id(used);
    assert_int_equal(index_use_each_user(fixture->ledger, &id, note, &found, &fixture->err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&found), expected);
}

static void assert_uses(struct fixture *fixture, const char *user, const char *expected)
{
    struct buffer found OWNED(buffer_release) = { 0 };
    struct artifact_id id = make_id(user);
    assert_int_equal(index_use_each(fixture->ledger, &id, note, &found, &fixture->err), STATUS_OK);
    assert_string_equal(buffer_text(&found), expected);
}

static void test_index_use_each_user__names_live_versions_in_order(void **state)
{
    struct fixture *fixture = *state;
    set_live(fixture, "prompt/voicemail@7");
    set_live(fixture, "prompt/greeting@2");
    set_uses(fixture, "prompt/voicemail", "tool/note", "prompt/greeting");
    set_uses(fixture, "prompt/greeting", "tool/note", NULL);
    assert_users(fixture, "tool/note@9", "prompt/greeting@2 prompt/voicemail@7 ");
    assert_users(fixture, "prompt/greeting", "prompt/voicemail@7 ");
    assert_users(fixture, "tool/other", "");
    set_live(fixture, "prompt/greeting");
    assert_users(fixture, "tool/note", "prompt/voicemail@7 ");
}

static void test_index_use_set__says_it_anew(void **state)
{
    struct fixture *fixture = *state;
    set_live(fixture, "prompt/greeting@2");
    set_uses(fixture, "prompt/greeting", "tool/note", "knowledge/plans");
    assert_uses(fixture, "prompt/greeting@2", "knowledge/plans tool/note ");
    set_uses(fixture, "prompt/greeting", "tool/note", "tool/note");
    assert_uses(fixture, "prompt/greeting", "tool/note ");
    assert_users(fixture, "knowledge/plans", "");
    set_uses(fixture, "prompt/greeting", NULL, NULL);
    assert_uses(fixture, "prompt/greeting", "");
}

static void test_index_clear__forgets_what_uses_what(void **state)
{
    struct fixture *fixture = *state;
    set_live(fixture, "prompt/greeting@2");
    set_uses(fixture, "prompt/greeting", "tool/note", NULL);
    assert_int_equal(index_clear(fixture->ledger, &fixture->err), STATUS_OK);
    assert_uses(fixture, "prompt/greeting", "");
}

static enum status stop(void *context, const struct artifact_id *id, struct error *err)
{
    (void)id;
    ++*(int *)context;
    return error_set(err, STATUS_IO, "stop", "stop");
}

static void test_index_use_each_user__ends_with_the_visit_that_fails(void **state)
{
    struct fixture *fixture = *state;
    struct artifact_id id = make_id("tool/note");
    int visits = 0;
    set_live(fixture, "prompt/a@1");
    set_live(fixture, "prompt/b@1");
    set_uses(fixture, "prompt/a", "tool/note", NULL);
    set_uses(fixture, "prompt/b", "tool/note", NULL);
    assert_int_equal(index_use_each_user(fixture->ledger, &id, stop, &visits, &fixture->err),
                     STATUS_IO);
    assert_int_equal(visits, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make_ledger, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_index_use_each_user__names_live_versions_in_order),
        TEST(test_index_use_set__says_it_anew),
        TEST(test_index_clear__forgets_what_uses_what),
        TEST(test_index_use_each_user__ends_with_the_visit_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
