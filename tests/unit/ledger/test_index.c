// The index: what is put is found, and a rebuild gives the same rows.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/index.h"

#define DUMP                                                                                       \
    "SELECT 'tip', * FROM tip; SELECT 'artifact', * FROM artifact; SELECT 'version', * FROM "      \
    "version"

static struct artifact_id make_id(const char *text)
{
    struct artifact_id id = { 0 };
    struct error err = { 0 };
    assert_int_equal(id_parse(&id, text, &err), STATUS_OK);
    return id;
}

static void put(struct fixture *fixture, const char *text, const char *note)
{
    struct index_version version = {
        .id = make_id(text),
        .content = "1111111111111111111111111111111111111111",
        .commit = "2222222222222222222222222222222222222222",
        .author = "Author <author@example.com>",
        .time = 1000 + version.id.version,
        .note = note,
    };
    memset(version.digest.bytes, (int)version.id.version, sizeof(version.digest.bytes));
    assert_int_equal(index_put_version(fixture->ledger, &version, &fixture->err), STATUS_OK);
}

static enum status set_live(struct fixture *fixture, const char *text, int64_t since)
{
    struct artifact_id id = make_id(text);
    return index_set_live(fixture->ledger, &id, since, &fixture->err);
}

// Notes one word for each visit: "kind/name@version", with a star when it is live.
static enum status note_id(void *context, const struct index_version *version, struct error *err)
{
    (void)err;
    char text[ID_TEXT_BYTES];
    id_format(&version->id, text);
    buffer_append_format(context, "%s%s ", text, version->live ? "*" : "");
    return STATUS_OK;
}

static void assert_each(struct fixture *fixture, const char *pattern, bool live_only,
                        const char *expected)
{
    struct buffer ids OWNED(buffer_release) = { 0 };
    assert_int_equal(
        index_each_artifact(fixture->ledger, pattern, live_only, note_id, &ids, &fixture->err),
        STATUS_OK);
    assert_string_equal(buffer_text(&ids), expected);
}

static void assert_found(struct fixture *fixture, const char *text, const char *expected)
{
    struct buffer ids OWNED(buffer_release) = { 0 };
    struct artifact_id id = make_id(text);
    enum status status = index_find_version(fixture->ledger, &id, note_id, &ids, &fixture->err);
    assert_int_equal(status, *expected ? STATUS_OK : STATUS_NOT_FOUND);
    assert_string_equal(buffer_text(&ids), expected);
}

static enum status check_whole_row(void *context, const struct index_version *version,
                                   struct error *err)
{
    (void)err;
    bool *is_visited = context;
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    id_format(&version->id, id);
    digest_format(&version->digest, digest);
    assert_string_equal(id, "tool/crm/log-outcome@7");
    assert_string_equal(digest, "sha256:0707070707070707070707070707070707070707070707070707070707"
                                "070707");
    assert_string_equal(version->content, "content");
    assert_string_equal(version->commit, "commit");
    assert_string_equal(version->tag, "tag");
    assert_string_equal(version->author, "Author");
    assert_string_equal(version->approver, "Approver");
    assert_int_equal(version->time, 1700000000);
    assert_string_equal(version->note, "It's a \"note\"; DROP TABLE version");
    assert_true(version->live);
    assert_int_equal(version->live_since, 1700000001);
    *is_visited = true;
    return STATUS_OK;
}

static void test_index_put__keeps_every_member(void **state)
{
    struct fixture *fixture = *state;
    struct index_version version = {
        .id = make_id("tool/crm/log-outcome@7"),
        .content = "content",
        .commit = "commit",
        .tag = "tag",
        .author = "Author",
        .approver = "Approver",
        .time = 1700000000,
        .note = "It's a \"note\"; DROP TABLE version",
    };
    memset(version.digest.bytes, 7, sizeof(version.digest.bytes));
    assert_int_equal(index_put_version(fixture->ledger, &version, &fixture->err), STATUS_OK);
    assert_int_equal(set_live(fixture, "tool/crm/log-outcome@7", 1700000001), STATUS_OK);
    bool is_visited = false;
    assert_int_equal(index_find_version(fixture->ledger, &version.id, check_whole_row, &is_visited,
                                        &fixture->err),
                     STATUS_OK);
    assert_true(is_visited);
}

static void test_index_put__takes_null_for_an_empty_text(void **state)
{
    struct fixture *fixture = *state;
    struct index_version version = { .id = make_id("tool/a@1") };
    assert_int_equal(index_put_version(fixture->ledger, &version, &fixture->err), STATUS_OK);
    fixture_assert_sql(fixture, "SELECT content_id || tag_id || note || approver FROM version",
                       "\n");
}

static void test_index_put__refuses_a_version_that_is_none(void **state)
{
    struct fixture *fixture = *state;
    struct index_version version = { .id = make_id("tool/a") };
    assert_int_not_equal(index_put_version(fixture->ledger, &version, &fixture->err), STATUS_OK);
    fixture_assert_sql(fixture, "SELECT * FROM version", "");
}

static void test_index_put__replaces_the_row_of_that_version(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "first");
    put(fixture, "tool/a@1", "second");
    fixture_assert_sql(fixture, "SELECT note FROM version", "second\n");
}

static void test_index_put__never_lowers_the_latest(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@3", "");
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/a@2", "");
    assert_found(fixture, "tool/a", "tool/a@3 ");
    assert_each(fixture, NULL, false, "tool/a@3 ");
}

static void test_index_find__finds_one_version_or_says_not_found(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/a@2", "");
    put(fixture, "prompt/a@9", "");
    assert_found(fixture, "tool/a@1", "tool/a@1 ");
    assert_found(fixture, "tool/a", "tool/a@2 ");
    assert_found(fixture, "tool/a@3", "");
    assert_found(fixture, "knowledge/a", "");
    assert_string_equal(fixture->err.code, "artifact_unknown");
    assert_non_null(strstr(fixture->err.message, "knowledge/a"));
}

static void test_index_set_live__names_one_version(void **state)
{
    struct fixture *fixture = *state;
    struct artifact_id id = make_id("tool/a");
    struct buffer ids OWNED(buffer_release) = { 0 };
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/a@2", "");
    assert_int_equal(index_find_live(fixture->ledger, &id, note_id, &ids, &fixture->err),
                     STATUS_NOT_FOUND);
    assert_int_equal(set_live(fixture, "tool/a@1", 5), STATUS_OK);
    assert_int_equal(index_find_live(fixture->ledger, &id, note_id, &ids, &fixture->err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&ids), "tool/a@1* ");
    assert_found(fixture, "tool/a", "tool/a@2 ");
    assert_int_equal(set_live(fixture, "tool/a@2", 6), STATUS_OK);
    assert_found(fixture, "tool/a@1", "tool/a@1 ");
    assert_found(fixture, "tool/a@2", "tool/a@2* ");
}

static void test_index_set_live__takes_a_version_off_the_air(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "");
    assert_int_equal(set_live(fixture, "tool/a@1", 5), STATUS_OK);
    assert_int_equal(set_live(fixture, "tool/a", 6), STATUS_OK);
    assert_each(fixture, NULL, true, "");
    fixture_assert_sql(fixture, "SELECT * FROM artifact", "tool/a|1|0|0\n");
    assert_int_equal(set_live(fixture, "tool/unknown", 6), STATUS_OK); // none is live: so be it
}

static void test_index_set_live__refuses_a_version_never_put(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "");
    assert_int_equal(set_live(fixture, "tool/a@2", 5), STATUS_NOT_FOUND);
    assert_int_equal(set_live(fixture, "tool/b@1", 5), STATUS_NOT_FOUND);
    assert_each(fixture, NULL, true, "");
}

static void test_index_put__keeps_what_is_live(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "");
    assert_int_equal(set_live(fixture, "tool/a@1", 5), STATUS_OK);
    put(fixture, "tool/a@2", "");
    put(fixture, "tool/a@1", "again");
    fixture_assert_sql(fixture, "SELECT * FROM artifact", "tool/a|2|1|5\n");
    assert_each(fixture, NULL, true, "tool/a@1* ");
}

static void test_index_each_version__goes_from_the_newest(void **state)
{
    struct fixture *fixture = *state;
    struct artifact_id id = make_id("tool/a");
    struct buffer ids OWNED(buffer_release) = { 0 };
    put(fixture, "tool/a@2", "");
    put(fixture, "tool/a@10", "");
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/a/b@4", "");
    assert_int_equal(index_each_version(fixture->ledger, &id, note_id, &ids, &fixture->err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&ids), "tool/a@10 tool/a@2 tool/a@1 ");
}

static void test_index_each_artifact__matches_globs(void **state)
{
    struct fixture *fixture = *state;
    static const char *const artifacts[] = { "tool/crm/log@1", "tool/crm/read@1", "tool/crmx@1",
                                             "prompt/crm/hello@1", "knowledge/plans@1" };
    for (size_t i = 0; i < COUNT_OF(artifacts); i++)
        put(fixture, artifacts[i], "");
    static const struct {
        const char *pattern;
        const char *expected;
    } rows[] = {
        { NULL,
          "knowledge/plans@1 prompt/crm/hello@1 tool/crm/log@1 tool/crm/read@1 tool/crmx@1 " },
        { "*", "knowledge/plans@1 prompt/crm/hello@1 tool/crm/log@1 tool/crm/read@1 tool/crmx@1 " },
        { "tool/crm/*", "tool/crm/log@1 tool/crm/read@1 " },
        { "tool/crm*", "tool/crm/log@1 tool/crm/read@1 tool/crmx@1 " },
        { "tool/crm", "" },
        { "tool/crm/log", "tool/crm/log@1 " },
        { "*crm/*l*", "prompt/crm/hello@1 tool/crm/log@1 " },
        { "tool*g", "tool/crm/log@1 " }, // '*' goes over '/'
        { "tool/crm?", "tool/crmx@1 " },
        { "tool/crm?log", "tool/crm/log@1 " },
        { "", "" },
        { "tool/crm/[lr]*", "" }, // no set: '[' stands for itself, and no name holds it
        { "tool/crm/log\x7f", "" },
        { "Tool/*", "" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_each(fixture, rows[i].pattern, false, rows[i].expected);
}

static void test_index_each_artifact__refuses_an_endless_pattern(void **state)
{
    struct fixture *fixture = *state;
    char pattern[INDEX_MAX_PATTERN_BYTES + 2] = "";
    memset(pattern, 'a', sizeof(pattern) - 1);
    assert_int_equal(
        index_each_artifact(fixture->ledger, pattern, false, note_id, NULL, &fixture->err),
        STATUS_INVALID);
    pattern[INDEX_MAX_PATTERN_BYTES] = '\0';
    assert_each(fixture, pattern, false, "");
}

static void fill(struct fixture *fixture, bool backwards)
{
    struct error *err = &fixture->err;
    char text[64];
    assert_int_equal(ledger_begin(fixture->ledger, err), STATUS_OK);
    for (int i = 0; i < 300; i++) {
        int number = backwards ? 299 - i : i;
        for (int version = 1; version <= 3; version++) {
            snprintf(text, sizeof(text), "tool/group-%d/name-%d@%d", number % 7, number, version);
            put(fixture, text, "a note");
        }
        if (number % 3 == 0)
            assert_int_equal(set_live(fixture, text, 5), STATUS_OK);
    }
    assert_int_equal(ledger_tip_set(fixture->ledger, "refs/heads/drafts", "abc", err), STATUS_OK);
    assert_int_equal(ledger_commit(fixture->ledger, err), STATUS_OK);
}

static void test_index_clear__and_a_replay_give_the_same_rows(void **state)
{
    struct fixture *fixture = *state;
    int result = SQLITE_OK;
    fill(fixture, false);
    put(fixture, "tool/group-1/name-1@1", "changed, then changed back");
    put(fixture, "tool/group-1/name-1@1", "a note");
    char *before OWNED(memory_release) = fixture_sql(fixture, DUMP, &result);
    assert_true(strlen(before) > 10000);
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    assert_int_equal(index_clear(fixture->ledger, &fixture->err), STATUS_OK);
    assert_int_equal(ledger_commit(fixture->ledger, &fixture->err), STATUS_OK);
    fixture_assert_sql(fixture, DUMP, "");
    fill(fixture, true);
    char *after OWNED(memory_release) = fixture_sql(fixture, DUMP, &result);
    assert_string_equal(before, after);
}

static void test_index_clear__is_undone_by_a_rollback(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "tool/a@1", "");
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    assert_int_equal(index_clear(fixture->ledger, &fixture->err), STATUS_OK);
    assert_each(fixture, NULL, false, "");
    ledger_rollback(fixture->ledger);
    assert_each(fixture, NULL, false, "tool/a@1 ");
}

struct looker {
    struct fixture *fixture;
    struct buffer ids;
};

// Looks up, with the very statement that is being walked, what stands beside the row.
static enum status look_again(void *context, const struct index_version *version, struct error *err)
{
    struct looker *looker = context;
    buffer_append_byte(&looker->ids, '(');
    enum status status =
        index_each_version(looker->fixture->ledger, &version->id, note_id, &looker->ids, err);
    buffer_append_byte(&looker->ids, ')');
    return status;
}

static void test_index_visit__may_read_the_ledger(void **state)
{
    struct fixture *fixture = *state;
    struct looker looker = { .fixture = fixture };
    struct artifact_id id = make_id("tool/a");
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/a@2", "");
    for (int i = 0; i < 2; i++) // the second time, the statements come from where they are kept
        assert_int_equal(
            index_each_version(fixture->ledger, &id, look_again, &looker, &fixture->err),
            STATUS_OK);
    assert_string_equal(buffer_text(&looker.ids), "(tool/a@2 tool/a@1 )(tool/a@2 tool/a@1 )"
                                                  "(tool/a@2 tool/a@1 )(tool/a@2 tool/a@1 )");
    buffer_release(&looker.ids);
}

static enum status refuse_second(void *context, const struct index_version *version,
                                 struct error *err)
{
    int *visits = context;
    (void)version;
    if (++*visits == 2)
        return error_set(err, STATUS_REFUSED, "enough", "enough");
    return STATUS_OK;
}

static void test_index_visit__ends_the_walk(void **state)
{
    struct fixture *fixture = *state;
    int visits = 0;
    put(fixture, "tool/a@1", "");
    put(fixture, "tool/b@1", "");
    put(fixture, "tool/c@1", "");
    assert_int_equal(
        index_each_artifact(fixture->ledger, NULL, false, refuse_second, &visits, &fixture->err),
        STATUS_REFUSED);
    assert_int_equal(visits, 2);
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    put(fixture, "tool/d@1", ""); // the walk holds nothing any more
    assert_int_equal(ledger_commit(fixture->ledger, &fixture->err), STATUS_OK);
}

static void test_index_rows__are_damaged_when_nobody_can_have_written_them(void **state)
{
    struct fixture *fixture = *state;
    static const char *const changes[] = {
        "PRAGMA ignore_check_constraints = 1; UPDATE version SET digest = 'sha256:XYZ'",
        "UPDATE version SET version = 5000000000; UPDATE artifact SET latest = 5000000000",
        "UPDATE version SET artifact = 'tool/UPPER'; UPDATE artifact SET artifact = 'tool/UPPER'",
    };
    struct buffer ids OWNED(buffer_release) = { 0 };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        assert_int_equal(index_clear(fixture->ledger, &fixture->err), STATUS_OK);
        put(fixture, "tool/a@1", "");
        fixture_assert_sql(fixture, changes[i], "");
        assert_int_equal(
            index_each_artifact(fixture->ledger, NULL, false, note_id, &ids, &fixture->err),
            STATUS_DAMAGED);
        assert_non_null(strstr(fixture->err.hint, "greenroom reindex"));
    }
    assert_string_equal(buffer_text(&ids), "");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_make_ledger, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_index_put__keeps_every_member),
        TEST(test_index_put__takes_null_for_an_empty_text),
        TEST(test_index_put__refuses_a_version_that_is_none),
        TEST(test_index_put__replaces_the_row_of_that_version),
        TEST(test_index_put__never_lowers_the_latest),
        TEST(test_index_put__keeps_what_is_live),
        TEST(test_index_find__finds_one_version_or_says_not_found),
        TEST(test_index_set_live__names_one_version),
        TEST(test_index_set_live__takes_a_version_off_the_air),
        TEST(test_index_set_live__refuses_a_version_never_put),
        TEST(test_index_each_version__goes_from_the_newest),
        TEST(test_index_each_artifact__matches_globs),
        TEST(test_index_each_artifact__refuses_an_endless_pattern),
        TEST(test_index_clear__and_a_replay_give_the_same_rows),
        TEST(test_index_clear__is_undone_by_a_rollback),
        TEST(test_index_visit__may_read_the_ledger),
        TEST(test_index_visit__ends_the_walk),
        TEST(test_index_rows__are_damaged_when_nobody_can_have_written_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
