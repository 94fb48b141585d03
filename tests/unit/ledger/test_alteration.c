// What was put around the audit's table by somebody else is found.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/alteration.h"

static void assert_finds(struct fixture *fixture, const char *sql, const char *words)
{
    struct error err = { 0 };
    char what[ALTERATION_BYTES];
    bool is_altered = false;
    fixture_assert_sql(fixture, sql, "");
    assert_int_equal(alteration_find(fixture->ledger, &is_altered, what, &err), STATUS_OK);
    assert_int_equal(is_altered, words[0] != '\0');
    assert_string_equal(what, words);
}

static void test_alteration__finds_nothing_in_what_was_made_here(void **state)
{
    assert_finds(*state, "", "");
    assert_finds(*state, "CREATE TABLE somebodys (x); CREATE INDEX i ON somebodys (x)", "");
}

static void test_alteration__finds_what_was_put_there(void **state)
{
    assert_finds(*state, "CREATE TRIGGER t AFTER INSERT ON tip BEGIN SELECT 1; END",
                 "trigger t is not as Greenroom made it");
    assert_finds(*state, "DROP TRIGGER t; CREATE VIEW v AS SELECT 1",
                 "view v is not as Greenroom made it");
    assert_finds(*state, "DROP VIEW v; CREATE INDEX i ON AUDIT (hash)",
                 "index i is not as Greenroom made it");
    assert_finds(*state, "DROP INDEX i", "");
}

static void test_alteration__finds_what_is_another_or_gone(void **state)
{
    assert_finds(*state,
                 "DROP TRIGGER audit_never_shrinks; CREATE TRIGGER audit_never_shrinks"
                 " BEFORE DELETE ON audit BEGIN SELECT 1; END",
                 "trigger audit_never_shrinks is not as Greenroom made it");
    assert_finds(*state, "DROP TRIGGER audit_never_shrinks", "trigger audit_never_shrinks is gone");
}

static void test_alteration__finds_a_table_made_anew(void **state)
{
    assert_finds(*state,
                 "DROP TABLE audit; CREATE TABLE audit (sequence INTEGER PRIMARY KEY, entry TEXT"
                 " UNIQUE ON CONFLICT IGNORE, previous TEXT, hash TEXT)",
                 "table audit is not as Greenroom made it");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_make_ledger, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_alteration__finds_nothing_in_what_was_made_here),
        TEST(test_alteration__finds_what_was_put_there),
        TEST(test_alteration__finds_what_is_another_or_gone),
        TEST(test_alteration__finds_a_table_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
