// SQLite's results in our words.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/failure.h"

static void test_failure_set__maps_each_result(void **state)
{
    (void)state;
    static const struct {
        int result;
        enum status status;
        const char *code;
    } rows[] = {
        { SQLITE_FULL, STATUS_IO, "disk_full" },
        { SQLITE_BUSY, STATUS_CONFLICT, "ledger_locked" },
        { SQLITE_BUSY_RECOVERY, STATUS_CONFLICT, "ledger_locked" },
        { SQLITE_BUSY_SNAPSHOT, STATUS_CONFLICT, "ledger_locked" },
        { SQLITE_LOCKED, STATUS_CONFLICT, "ledger_locked" },
        { SQLITE_PROTOCOL, STATUS_CONFLICT, "ledger_locked" },
        { SQLITE_CORRUPT, STATUS_DAMAGED, "ledger_damaged" },
        { SQLITE_CORRUPT_INDEX, STATUS_DAMAGED, "ledger_damaged" },
        { SQLITE_NOTADB, STATUS_DAMAGED, "ledger_damaged" },
        { SQLITE_ERROR, STATUS_DAMAGED, "ledger_damaged" },
        { SQLITE_CONSTRAINT_TRIGGER, STATUS_DAMAGED, "ledger_rule_broken" },
        { SQLITE_READONLY_DBMOVED, STATUS_IO, "ledger_read_only" },
        { SQLITE_PERM, STATUS_IO, "ledger_read_only" },
        { SQLITE_CANTOPEN, STATUS_IO, "ledger_not_opened" },
        { SQLITE_IOERR_FSYNC, STATUS_IO, "ledger_io" },
        { SQLITE_TOOBIG, STATUS_TOO_LARGE, "ledger_value_too_large" },
        { SQLITE_NOMEM, STATUS_NO_MEMORY, "no_memory" },
        { SQLITE_IOERR_NOMEM, STATUS_NO_MEMORY, "no_memory" },
        { SQLITE_MISUSE, STATUS_IO, "ledger_failed" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = { 0 };
        assert_int_equal(failure_set(&err, rows[i].result, NULL, "/a/ledger.db"), rows[i].status);
        assert_int_equal(err.status, rows[i].status);
        assert_string_equal(err.code, rows[i].code);
        assert_true(strlen(err.hint) > 10);
        if (rows[i].status != STATUS_NO_MEMORY)
            assert_ptr_equal(strstr(err.message, "/a/ledger.db: "), err.message);
    }
}

static void test_failure_set__says_what_sqlite_said(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    int result = sqlite3_exec(database, "SELECT * FROM nowhere", NULL, NULL, NULL);
    failure_set(&fixture->err, result, database, fixture->path);
    assert_non_null(strstr(fixture->err.message, "no such table: nowhere"));
    sqlite3_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failure_set__maps_each_result),
        cmocka_unit_test_setup_teardown(test_failure_set__says_what_sqlite_said,
                                        fixture_make_folder, fixture_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
