// Opening the ledger, its transactions, its tips.
#include "unit/ledger/ledger_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#include "ledger/statement.h"

#define REF "refs/heads/drafts"
#define NOBODY 65534

static void assert_tip(struct ledger *ledger, const char *ref, const char *expected)
{
    struct error err = { 0 };
    char tip[LEDGER_OID_BYTES] = "untouched";
    assert_int_equal(ledger_tip_get(ledger, ref, tip, &err), STATUS_OK);
    assert_string_equal(tip, expected);
}

// Runs `child` in a process of its own and gives its exit code, -1 if a signal ended it.
static int run_child(int (*child)(struct fixture *fixture), struct fixture *fixture)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(child(fixture));
    int state = 0;
    assert_int_equal(waitpid(pid, &state, 0), pid);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

static size_t count_files(const struct fixture *fixture)
{
    DIR *folder = opendir(fixture->folder);
    assert_non_null(folder);
    size_t count = 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2; // . and ..
}

static void test_ledger_open__makes_what_stock_sqlite_reads(void **state)
{
    struct fixture *fixture = *state;
    fixture_assert_sql(
        fixture,
        "PRAGMA integrity_check; PRAGMA journal_mode; PRAGMA user_version;"
        "PRAGMA application_id; SELECT name FROM sqlite_schema"
        " WHERE type = 'table' ORDER BY name",
        "ok\nwal\n1\n1196576338\nartifact\naudit\nemergency\nlive_use\ntip\nversion\n");
    ledger_release(&fixture->ledger);
    assert_int_equal(count_files(fixture), 3); // ledger.db, -wal, -shm: nothing unfinished
}

static void test_ledger_open__is_careful_with_what_it_writes(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *database = fixture->ledger->database;
    static const struct {
        const char *sql;
        const char *expected;
    } rows[] = {
        { "PRAGMA synchronous", "2\n" },      { "PRAGMA foreign_keys", "1\n" },
        { "PRAGMA trusted_schema", "0\n" },   { "PRAGMA cell_size_check", "1\n" },
        { "PRAGMA busy_timeout", "10000\n" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer out OWNED(buffer_release) = { 0 };
        assert_int_equal(sqlite3_exec(database, rows[i].sql, fixture_add_row, &out, NULL),
                         SQLITE_OK);
        assert_string_equal(buffer_text(&out), rows[i].expected);
    }
}

static void test_ledger_open__finds_nothing_where_there_is_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, err), STATUS_NOT_FOUND);
    assert_string_equal(err->code, "ledger_not_found");
    assert_int_equal(ledger_open_reader(&fixture->ledger, fixture->path, err), STATUS_NOT_FOUND);
    assert_null(fixture->ledger);
    assert_int_equal(count_files(fixture), 0);
}

static void test_ledger_open__says_what_stands_in_its_way(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    char path[2 * FIXTURE_PATH_BYTES];
    fixture_path(fixture, "missing/ledger.db", path);
    assert_int_equal(ledger_open(&fixture->ledger, path, true, err), STATUS_IO);
    assert_non_null(strstr(err->message, "missing/ledger.db"));
    assert_int_equal(ledger_open(&fixture->ledger, fixture->folder, true, err), STATUS_IO);
    assert_string_equal(err->code, "ledger_not_opened");
    assert_null(fixture->ledger);
}

static void test_ledger_open__refuses_what_is_no_ledger(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    static const char text[] = "There was a time when this was a shopping list, and it was long "
                               "enough to be taken for the header of a database: 100 bytes.";
    assert_int_equal(file_write_atomic(fixture->path, "", 0, 0600, err), STATUS_OK);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, true, err), STATUS_DAMAGED);
    assert_string_equal(err->code, "not_a_ledger");
    assert_int_equal(file_write_atomic(fixture->path, text, sizeof(text), 0600, err), STATUS_OK);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, true, err), STATUS_DAMAGED);
    assert_string_equal(err->code, "ledger_damaged");
    assert_non_null(strstr(err->hint, "greenroom reindex"));
    assert_int_equal(unlink(fixture->path), 0);
    fixture_assert_sql(fixture, "CREATE TABLE shop (item); PRAGMA user_version = 1", "");
    assert_int_equal(ledger_open_reader(&fixture->ledger, fixture->path, err), STATUS_DAMAGED);
    assert_string_equal(err->code, "not_a_ledger");
}

static void test_ledger_open__refuses_a_newer_format(void **state)
{
    struct fixture *fixture = *state;
    fixture_assert_sql(fixture, "PRAGMA user_version = 2", "");
    struct ledger *other = NULL;
    assert_int_equal(ledger_open(&other, fixture->path, false, &fixture->err), STATUS_DAMAGED);
    assert_string_equal(fixture->err.code, "ledger_format_unknown");
    assert_non_null(strstr(fixture->err.message, "format is 2"));
}

static void test_ledger_open__tells_damage_and_how_to_mend_it(void **state)
{
    struct fixture *fixture = *state;
    ledger_release(&fixture->ledger);
    FILE *file = fopen(fixture->path, "r+");
    assert_non_null(file);
    for (long page = 1; page < 12; page++) {
        fseek(file, page * 4096, SEEK_SET);
        fwrite("\xff\xff\xff\xff\xff\xff\xff\xff", 8, 1, file);
    }
    fclose(file);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, &fixture->err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "a", &fixture->err), STATUS_DAMAGED);
    assert_string_equal(fixture->err.code, "ledger_damaged");
    assert_non_null(strstr(fixture->err.message, "ledger.db"));
    assert_non_null(strstr(fixture->err.hint, "greenroom reindex"));
}

static void test_ledger_open__takes_no_name_for_a_word_of_sqlite(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = { ":memory:", "file:a.db?mode=memory", "plain.db" };
    char before[4096];
    assert_non_null(getcwd(before, sizeof(before)));
    assert_int_equal(chdir(fixture->folder), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct ledger *ledger OWNED(ledger_release) = NULL;
        assert_int_equal(ledger_open(&ledger, names[i], true, &fixture->err), STATUS_OK);
        assert_true(file_exists(names[i]));
    }
    assert_int_equal(chdir(before), 0);
}

#define CREATORS 8

static void create_and_write(const struct fixture *fixture, int number)
{
    struct error err = { 0 };
    struct ledger *ledger OWNED(ledger_release) = NULL;
    char ref[32];
    snprintf(ref, sizeof(ref), "refs/%d", number);
    enum status status = ledger_open(&ledger, fixture->path, true, &err);
    if (status == STATUS_OK)
        status = ledger_begin(ledger, &err);
    if (status == STATUS_OK)
        status = ledger_tip_set(ledger, ref, "c0ffee", &err);
    if (status == STATUS_OK)
        status = ledger_commit(ledger, &err);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", err.message);
    ledger_release(&ledger);
    _exit((int)status);
}

static void test_ledger_open__lets_processes_create_at_once(void **state)
{
    struct fixture *fixture = *state;
    pid_t children[CREATORS];
    int gate[2]; // all begin when its writing end is closed
    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < CREATORS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            char byte;
            close(gate[1]);
            if (read(gate[0], &byte, 1) == 0)
                create_and_write(fixture, i);
            _exit(99);
        }
    }
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < CREATORS; i++) {
        int child = -1;
        assert_int_equal(waitpid(children[i], &child, 0), children[i]);
        assert_int_equal(child, 0);
    }
    fixture_assert_sql(fixture, "SELECT count(*) FROM tip WHERE commit_id = 'c0ffee'", "8\n");
    assert_int_equal(count_files(fixture), 3);
}

static void test_ledger_open__stays_cheap_after_many_writes(void **state)
{
    struct fixture *fixture = *state;
    char text[32];
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "refs/%d", i);
        assert_int_equal(ledger_tip_set(fixture->ledger, text, "c0ffee", &fixture->err), STATUS_OK);
    }
    assert_int_equal(ledger_commit(fixture->ledger, &fixture->err), STATUS_OK);
    for (int i = 0; i < 200; i++) { // each in a connection of its own, as commands do
        struct ledger *ledger OWNED(ledger_release) = NULL;
        ledger_release(&fixture->ledger);
        assert_int_equal(ledger_open(&ledger, fixture->path, false, &fixture->err), STATUS_OK);
        snprintf(text, sizeof(text), "%d", i);
        assert_int_equal(ledger_tip_set(ledger, REF, text, &fixture->err), STATUS_OK);
    }
    struct stat wal;
    char path[2 * FIXTURE_PATH_BYTES];
    fixture_path(fixture, "ledger.db-wal", path);
    assert_int_equal(stat(path, &wal), 0);
    assert_true(wal.st_size < 100 * 4200); // pages that the next open has to read
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, &fixture->err), STATUS_OK);
    assert_tip(fixture->ledger, REF, "199");
}

static void test_ledger_tip__is_what_was_last_set(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    assert_tip(fixture->ledger, REF, "");
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, "refs/heads/live", "bbbb", err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "cccc", err), STATUS_OK);
    assert_tip(fixture->ledger, REF, "cccc");
    assert_tip(fixture->ledger, "refs/heads/live", "bbbb");
}

static void test_ledger_tip__is_damaged_when_it_is_no_object_id(void **state)
{
    struct fixture *fixture = *state;
    char tip[LEDGER_OID_BYTES] = "untouched";
    fixture_assert_sql(fixture,
                       "INSERT INTO tip VALUES ('" REF
                       "', 'not an object id at all, but a rather long sentence')",
                       "");
    assert_int_equal(ledger_tip_get(fixture->ledger, REF, tip, &fixture->err), STATUS_DAMAGED);
    assert_string_equal(tip, "untouched");
}

static void test_ledger_rollback__leaves_nothing_behind(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    ledger_rollback(fixture->ledger); // outside a transaction: nothing
    assert_int_equal(ledger_begin(fixture->ledger, err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", err), STATUS_OK);
    ledger_rollback(fixture->ledger);
    assert_tip(fixture->ledger, REF, "");
    assert_int_equal(ledger_begin(fixture->ledger, err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "bbbb", err), STATUS_OK);
    assert_int_equal(ledger_commit(fixture->ledger, err), STATUS_OK);
    assert_tip(fixture->ledger, REF, "bbbb");
}

static int die_in_transaction(struct fixture *fixture)
{
    struct ledger *ledger = NULL;
    if (ledger_open(&ledger, fixture->path, false, &fixture->err) != STATUS_OK ||
        ledger_tip_set(ledger, "refs/acknowledged", "aaaa", &fixture->err) != STATUS_OK ||
        ledger_begin(ledger, &fixture->err) != STATUS_OK ||
        ledger_tip_set(ledger, REF, "bbbb", &fixture->err) != STATUS_OK)
        return 1;
    raise(SIGKILL);
    return 2;
}

static void test_ledger_commit__is_all_that_a_killed_process_leaves(void **state)
{
    struct fixture *fixture = *state;
    ledger_release(&fixture->ledger);
    assert_int_equal(run_child(die_in_transaction, fixture), -1);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, &fixture->err), STATUS_OK);
    assert_tip(fixture->ledger, "refs/acknowledged", "aaaa");
    assert_tip(fixture->ledger, REF, "");
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
}

static void test_ledger_begin__conflicts_with_another_writer(void **state)
{
    struct fixture *fixture = *state;
    struct ledger *other OWNED(ledger_release) = NULL;
    assert_int_equal(ledger_open(&other, fixture->path, false, &fixture->err), STATUS_OK);
    sqlite3_busy_timeout(other->database, 0); // the test need not wait for what must come
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    assert_int_equal(ledger_begin(other, &fixture->err), STATUS_CONFLICT);
    assert_string_equal(fixture->err.code, "ledger_locked");
    ledger_rollback(fixture->ledger);
    assert_int_equal(ledger_begin(other, &fixture->err), STATUS_OK);
}

static void test_ledger_commit__refuses_a_full_disk_and_keeps_what_was(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", err), STATUS_OK);
    // As far as the file may grow, in place of a disk that is full.
    assert_int_equal(
        sqlite3_exec(fixture->ledger->database, "PRAGMA max_page_count = 1", NULL, NULL, NULL),
        SQLITE_OK);
    char *text OWNED(memory_release) = calloc(1, 100000);
    memset(text, 'x', 99999);
    assert_int_equal(ledger_begin(fixture->ledger, err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, text, "bbbb", err), STATUS_IO);
    assert_string_equal(err->code, "disk_full");
    assert_non_null(strstr(err->hint, "make room"));
    ledger_rollback(fixture->ledger);
    assert_tip(fixture->ledger, REF, "aaaa");
}

static void test_ledger_reader__works_beside_a_writer(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    struct ledger *reader OWNED(ledger_release) = NULL;
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", err), STATUS_OK);
    assert_int_equal(ledger_begin(fixture->ledger, err), STATUS_OK);
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "bbbb", err), STATUS_OK);
    assert_int_equal(ledger_open_reader(&reader, fixture->path, err), STATUS_OK);
    assert_tip(reader, REF, "aaaa");
    assert_int_equal(ledger_commit(fixture->ledger, err), STATUS_OK);
    assert_tip(reader, REF, "bbbb");
}

static void test_ledger_reader__never_writes(void **state)
{
    struct fixture *fixture = *state;
    struct error *err = &fixture->err;
    struct ledger *reader OWNED(ledger_release) = NULL;
    assert_int_equal(ledger_open_reader(&reader, fixture->path, err), STATUS_OK);
    assert_int_equal(ledger_tip_set(reader, REF, "aaaa", err), STATUS_IO);
    assert_string_equal(err->code, "ledger_read_only");
    assert_int_equal(ledger_begin(reader, err), STATUS_IO);
    assert_tip(fixture->ledger, REF, "");
}

// A process that may read the folder and no more. Exits 77 when it has no way to become one.
static int become_reader(struct fixture *fixture)
{
    chmod(fixture->folder, 0555);
    chmod(fixture->path, 0444);
    if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return 77;
    return 0;
}

static int read_in_closed_folder(struct fixture *fixture)
{
    struct ledger *reader = NULL;
    char tip[LEDGER_OID_BYTES];
    if (become_reader(fixture) != 0)
        return 77;
    enum status status = ledger_open_reader(&reader, fixture->path, &fixture->err);
    if (status == STATUS_OK)
        status = ledger_tip_get(reader, REF, tip, &fixture->err);
    ledger_release(&reader);
    if (status != STATUS_OK)
        return 100 + (int)status;
    return strcmp(tip, "aaaa") == 0 ? 0 : 1;
}

static int write_in_closed_folder(struct fixture *fixture)
{
    struct ledger *writer = NULL;
    if (become_reader(fixture) != 0)
        return 77;
    enum status status = ledger_open(&writer, fixture->path, false, &fixture->err);
    if (status == STATUS_OK)
        status = ledger_begin(writer, &fixture->err);
    ledger_release(&writer);
    return 100 + (int)status;
}

static void test_ledger_reader__works_in_a_folder_it_cannot_write(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", &fixture->err), STATUS_OK);
    ledger_release(&fixture->ledger);
    int answer = run_child(read_in_closed_folder, fixture);
    if (answer == 77)
        skip();
    assert_int_equal(answer, 0);
    assert_int_equal(run_child(write_in_closed_folder, fixture), 100 + STATUS_IO);
}

static void test_ledger_reader__needs_the_wal_in_a_folder_it_cannot_write(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(ledger_tip_set(fixture->ledger, REF, "aaaa", &fixture->err), STATUS_OK);
    ledger_release(&fixture->ledger);
    // As SQLite's own shell does when it is the last to close the file.
    fixture_assert_sql(fixture, "PRAGMA wal_checkpoint(TRUNCATE)", "0|0|0\n");
    char path[2 * FIXTURE_PATH_BYTES];
    fixture_path(fixture, "ledger.db-wal", path);
    assert_int_equal(unlink(path), 0);
    fixture_path(fixture, "ledger.db-shm", path);
    assert_int_equal(unlink(path), 0);
    int answer = run_child(read_in_closed_folder, fixture);
    if (answer == 77)
        skip();
    assert_int_equal(answer, 100 + STATUS_IO);
    chmod(fixture->folder, 0700);
    chmod(fixture->path, 0644);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, &fixture->err), STATUS_OK);
    ledger_release(&fixture->ledger);
    assert_int_equal(run_child(read_in_closed_folder, fixture), 0);
}

#define EMPTY(test) cmocka_unit_test_setup_teardown(test, fixture_make_folder, fixture_remove)
#define WITH_LEDGER(test) cmocka_unit_test_setup_teardown(test, fixture_make_ledger, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LEDGER(test_ledger_open__makes_what_stock_sqlite_reads),
        WITH_LEDGER(test_ledger_open__is_careful_with_what_it_writes),
        EMPTY(test_ledger_open__finds_nothing_where_there_is_nothing),
        EMPTY(test_ledger_open__says_what_stands_in_its_way),
        EMPTY(test_ledger_open__refuses_what_is_no_ledger),
        WITH_LEDGER(test_ledger_open__refuses_a_newer_format),
        WITH_LEDGER(test_ledger_open__tells_damage_and_how_to_mend_it),
        EMPTY(test_ledger_open__takes_no_name_for_a_word_of_sqlite),
        EMPTY(test_ledger_open__lets_processes_create_at_once),
        WITH_LEDGER(test_ledger_open__stays_cheap_after_many_writes),
        WITH_LEDGER(test_ledger_tip__is_what_was_last_set),
        WITH_LEDGER(test_ledger_tip__is_damaged_when_it_is_no_object_id),
        WITH_LEDGER(test_ledger_rollback__leaves_nothing_behind),
        WITH_LEDGER(test_ledger_commit__is_all_that_a_killed_process_leaves),
        WITH_LEDGER(test_ledger_begin__conflicts_with_another_writer),
        WITH_LEDGER(test_ledger_commit__refuses_a_full_disk_and_keeps_what_was),
        WITH_LEDGER(test_ledger_reader__works_beside_a_writer),
        WITH_LEDGER(test_ledger_reader__never_writes),
        WITH_LEDGER(test_ledger_reader__works_in_a_folder_it_cannot_write),
        WITH_LEDGER(test_ledger_reader__needs_the_wal_in_a_folder_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
