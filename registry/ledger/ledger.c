// The ledger's connection: opening, transactions and tips.
#include "ledger/ledger.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "ledger/creation.h"
#include "ledger/failure.h"
#include "ledger/statement.h"

#define APPLICATION_ID 0x47524e52 // "GRNR"; both stand in schema/ledger.sql too
#define FORMAT 1

#define MAX_VALUE_BYTES (16 << 20) // one text: a note, or the audit's entry of a large promotion

// The WAL is carried over to the main file, and cut, when it holds this many pages (a publish makes
// about ten). The first process to open the ledger reads all that is in it, and forgets how much of
// it was carried over: a longer WAL makes every command slower, a shorter one syncs more often.
// Measured at 25 to 400; from 50 to 100 open, publish and close together are at their quickest.
#define CHECKPOINT_PAGES 64

// Room that a transaction must find on the disk before it begins: some hundred pages in the WAL, as
// many in the main file.
#define RESERVE_BYTES (UINT64_C(1) << 20)

static const struct {
    int option;
    int value;
} settings[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },
    { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },
    { SQLITE_DBCONFIG_DQS_DDL, 0 },
    // Commands are short: each would carry the WAL over and delete it on its way out, at three more
    // syncs, and a reader in a read-only folder would find no WAL.
    { SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
};

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (size_t i = 0; i < COUNT_OF(ledger->prepared); i++)
        sqlite3_finalize(ledger->prepared[i]);
    (void)sqlite3_close(ledger->database); // rolls back what was not committed
    free(ledger->path);
    free(ledger);
}

void ledger_release(struct ledger **ledger)
{
    ledger_free(*ledger);
    *ledger = NULL;
}

// Called by SQLite after each commit. The commit stands, whatever comes of this.
static int carry_over(void *context, sqlite3 *database, const char *schema, int pages)
{
    const struct ledger *ledger = context;
    if (pages < CHECKPOINT_PAGES)
        return SQLITE_OK;
    sqlite3_busy_timeout(database, 0); // a reader in the way is no reason to wait: next time, then
    (void)sqlite3_wal_checkpoint_v2(database, schema, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(database, ledger->busy_ms);
    return SQLITE_OK;
}

static enum status read_number(struct ledger *ledger, enum statement_name name, int64_t *out,
                               struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    bool has_row = false;
    TRY(statement_open(&statement, ledger, name, err));
    TRY(statement_step(&statement, &has_row, err));
    *out = has_row ? statement_integer(&statement, 0) : 0;
    return STATUS_OK;
}

static enum status check_format(struct ledger *ledger, struct error *err)
{
    int64_t application = 0;
    int64_t format = 0;
    TRY(read_number(ledger, STATEMENT_APPLICATION_ID, &application, err));
    TRY(read_number(ledger, STATEMENT_FORMAT, &format, err));
    if (application != APPLICATION_ID) {
        error_set(err, STATUS_DAMAGED, "not_a_ledger", "%s: not a Greenroom ledger", ledger->path);
        return error_hint(err, "restore ledger.db from a backup; if there is none, move the file "
                               "away: `greenroom reindex` makes a new one, without the audit");
    }
    if (format != FORMAT) {
        error_set(err, STATUS_DAMAGED, "ledger_format_unknown",
                  "%s: its format is %lld, this program knows format %d", ledger->path,
                  (long long)format, FORMAT);
        return error_hint(err, "use the release of Greenroom that wrote it, or a newer one");
    }
    return STATUS_OK;
}

static enum status configure(struct ledger *ledger, bool is_writer, struct error *err)
{
    sqlite3 *database = ledger->database;
    sqlite3_busy_timeout(database, ledger->busy_ms);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
    int result = SQLITE_OK;
    for (size_t i = 0; result == SQLITE_OK && i < COUNT_OF(settings); i++)
        result = sqlite3_db_config(database, settings[i].option, settings[i].value, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(database, "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON",
                              NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, database, ledger->path);
    if (!is_writer)
        return STATUS_OK;
    sqlite3_wal_hook(database, carry_over, ledger);
    // A restored copy may be out of WAL mode. No cost when it is in it.
    return creation_use_wal(database, ledger->path, err);
}

// SQLite takes settings before its first use in a process; where that was another one than a
// ledger's, it goes on as it was. They spare time only: counting memory, which nobody asks for,
// takes a lock for each piece, and room for twenty pages would be made ready for each file, of
// which most commands need five.
static void set_up_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

static enum status connect_file(struct ledger **out, const char *path, bool is_writer, int busy_ms,
                                struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct ledger *ledger OWNED(ledger_release) = NULL;
    pthread_once(&once, set_up_library);
    TRY(memory_new(&ledger, 1, sizeof(*ledger), err));
    TRY(memory_copy_string(&ledger->path, path, err));
    ledger->busy_ms = busy_ms;
    int flags = (is_writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE;
    int result = sqlite3_open_v2(path, &ledger->database, flags, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, ledger->database, path);
    TRY(configure(ledger, is_writer, err));
    TRY(check_format(ledger, err));
    if (is_writer)
        TRY(creation_complete(ledger->database, path, err));
    *out = MOVE(ledger);
    return STATUS_OK;
}

// With a folder in front, no path is a word of SQLite's own (":memory:", "file:…").
static enum status make_plain(char **out, const char *path, struct error *err)
{
    if (strchr(path, '/') == path || strncmp(path, "./", 2) == 0)
        return memory_copy_string(out, path, err);
    return file_join(out, ".", path, err);
}

static enum status open_ledger(struct ledger **out, const char *path, bool is_writer, bool create,
                               int busy_ms, struct error *err)
{
    char *plain OWNED(memory_release) = NULL;
    TRY(make_plain(&plain, path, err));
    if (!file_exists(plain)) {
        if (!create) {
            error_set(err, STATUS_NOT_FOUND, "ledger_not_found", "%s: there is no ledger", path);
            return error_hint(err, "name the folder of an environment; `greenroom init` makes one, "
                                   "`greenroom reindex` a ledger that is lost");
        }
        TRY(creation_make(plain, err));
    }
    return connect_file(out, plain, is_writer, busy_ms, err);
}

enum status ledger_open(struct ledger **out, const char *path, bool create, struct error *err)
{
    return open_ledger(out, path, true, create, LEDGER_BUSY_MS, err);
}

enum status ledger_open_patient(struct ledger **out, const char *path, int busy_ms,
                                struct error *err)
{
    return open_ledger(out, path, true, false, busy_ms, err);
}

enum status ledger_open_reader(struct ledger **out, const char *path, struct error *err)
{
    return open_ledger(out, path, false, false, LEDGER_BUSY_MS, err);
}

// BEGIN writes nothing, so that a full disk would show only at the commit, after git was written.
static enum status check_space(const struct ledger *ledger, struct error *err)
{
    struct statvfs disk;
    if (statvfs(ledger->path, &disk) != 0)
        return error_errno(err, "cannot read", ledger->path);
    bool tells_size = disk.f_blocks > 0; // some file systems in user space do not
    if (tells_size && (uint64_t)disk.f_bavail * disk.f_frsize < RESERVE_BYTES)
        return failure_set(err, SQLITE_FULL, NULL, ledger->path);
    return STATUS_OK;
}

enum status ledger_begin(struct ledger *ledger, struct error *err)
{
    if (sqlite3_db_readonly(ledger->database, "main") != 0) // where BEGIN IMMEDIATE would succeed
        return failure_set(err, SQLITE_READONLY, NULL, ledger->path);
    TRY(check_space(ledger, err));
    return statement_run_plain(ledger, STATEMENT_BEGIN, err);
}

enum status ledger_commit(struct ledger *ledger, struct error *err)
{
    enum status status = statement_run_plain(ledger, STATEMENT_COMMIT, err);
    if (status != STATUS_OK)
        ledger_rollback(ledger);
    return status;
}

void ledger_rollback(struct ledger *ledger)
{
    struct error ignored = { 0 };
    // A failed rollback leaves the transaction to ledger_free, which drops it.
    if (!sqlite3_get_autocommit(ledger->database))
        (void)statement_run_plain(ledger, STATEMENT_ROLLBACK, &ignored);
}

enum status ledger_tip_get(struct ledger *ledger, const char *ref, char out[LEDGER_OID_BYTES],
                           struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_TIP_GET, err));
    statement_bind_text(&statement, 1, ref);
    bool has_row = false;
    TRY(statement_step(&statement, &has_row, err));
    const char *commit = "";
    if (has_row)
        TRY(statement_text(&statement, &commit, 0, err));
    size_t length = strlen(commit);
    if (length >= LEDGER_OID_BYTES)
        return statement_row_damaged(&statement, commit, err);
    memcpy(out, commit, length + 1);
    return STATUS_OK;
}

enum status ledger_tip_set(struct ledger *ledger, const char *ref, const char *commit,
                           struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_TIP_SET, err));
    statement_bind_text(&statement, 1, ref);
    statement_bind_text(&statement, 2, commit);
    return statement_run(&statement, err);
}
