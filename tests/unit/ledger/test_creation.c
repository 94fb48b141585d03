// Making a ledger's file: whole, never over another's, nothing unfinished left.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/creation.h"

static void assert_files(const struct fixture *fixture, const char *expected)
{
    struct buffer command OWNED(buffer_release) = { 0 };
    char names[256] = "";
    buffer_append_format(&command, "ls %s | tr '\\n' ' '", fixture->folder);
    FILE *list = popen(buffer_text(&command), "r");
    assert_non_null(list);
    names[fread(names, 1, sizeof(names) - 1, list)] = '\0';
    pclose(list);
    assert_string_equal(names, expected);
}

static void test_creation_make__makes_one_whole_file(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(creation_make(fixture->path, &fixture->err), STATUS_OK);
    assert_files(fixture, "ledger.db ");
    fixture_assert_sql(fixture, "PRAGMA integrity_check; PRAGMA journal_mode", "ok\nwal\n");
}

static void test_creation_make__follows_the_umask(void **state)
{
    struct fixture *fixture = *state;
    struct stat info;
    mode_t before = umask(002);
    enum status status = creation_make(fixture->path, &fixture->err);
    umask(before);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(stat(fixture->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0664);
}

static void test_creation_make__keeps_what_another_made_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(creation_make(fixture->path, &fixture->err), STATUS_OK);
    // Into the main file: a WAL would make any other main file look the same.
    fixture_assert_sql(fixture,
                       "INSERT INTO tip VALUES ('refs/heads/drafts', 'aaaa');"
                       "PRAGMA wal_checkpoint(TRUNCATE)",
                       "0|0|0\n");
    assert_int_equal(creation_make(fixture->path, &fixture->err), STATUS_OK);
    fixture_assert_sql(fixture, "SELECT commit_id FROM tip", "aaaa\n");
    assert_files(fixture, "ledger.db ledger.db-shm ledger.db-wal ");
}

static void test_creation_make__leaves_nothing_when_it_fails(void **state)
{
    struct fixture *fixture = *state;
    char path[2 * FIXTURE_PATH_BYTES + 300];
    memset(path, 'x', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    int length = snprintf(path, sizeof(path), "%s/", fixture->folder);
    path[length] = 'x';
    path[(size_t)length + 240] = '\0'; // the name itself fits, the unfinished file's does not
    assert_int_equal(creation_make(path, &fixture->err), STATUS_IO);
    assert_files(fixture, "");
}

static void test_creation_complete__makes_a_lost_index_anew(void **state)
{
    struct fixture *fixture = *state;
    char commit[LEDGER_OID_BYTES];
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, true, &fixture->err), STATUS_OK);
    fixture_assert_sql(
        fixture, "INSERT INTO tip VALUES ('refs/heads/drafts', 'aaaa'); DROP TABLE version", "");
    ledger_release(&fixture->ledger);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, true, &fixture->err), STATUS_OK);
    // Also what was left of it: a tip would say that the rows are there.
    assert_int_equal(ledger_tip_get(fixture->ledger, "refs/heads/drafts", commit, &fixture->err),
                     STATUS_OK);
    assert_string_equal(commit, "");
    fixture_assert_sql(fixture, "SELECT count(*) FROM version", "0\n");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_make_folder, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_creation_make__makes_one_whole_file),
        TEST(test_creation_make__follows_the_umask),
        TEST(test_creation_make__keeps_what_another_made_meanwhile),
        TEST(test_creation_make__leaves_nothing_when_it_fails),
        TEST(test_creation_complete__makes_a_lost_index_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
