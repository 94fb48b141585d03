// The ledger's SQL: one table of statements.
#include "ledger/statement.h"

#include "base/memory.h"
#include "ledger/failure.h"

// The order of columns that index.c reads.
#define VERSION_COLUMNS                                                                            \
    "v.artifact, v.version, v.digest, v.content_id, v.commit_id, v.tag_id, v.author,"              \
    " v.approver, v.time, v.note"
#define SELECT_VERSION                                                                             \
    "SELECT " VERSION_COLUMNS ", v.version = a.live, a.live_since"                                 \
    " FROM artifact AS a CROSS JOIN version AS v ON v.artifact = a.artifact"

// ?1 to ?2 is the part of the names that a pattern's beginning leaves; CROSS JOIN keeps the walk
// over artifacts outside, in the order of their names.
#define IN_RANGE " WHERE a.artifact >= ?1 AND a.artifact < ?2 AND v.version ="

static const char *const texts[STATEMENT_COUNT] = {
    [STATEMENT_APPLICATION_ID] = "PRAGMA application_id",
    [STATEMENT_FORMAT] = "PRAGMA user_version",
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_TIP_GET] = "SELECT commit_id FROM tip WHERE ref = ?1",
    // Where all of a row is given, replacing it is made ready in half the time of updating it.
    [STATEMENT_TIP_SET] = "INSERT OR REPLACE INTO tip (ref, commit_id) VALUES (?1, ?2)",
    [STATEMENT_CLEAR_TIPS] = "DELETE FROM tip",
    [STATEMENT_CLEAR_VERSIONS] = "DELETE FROM version",
    [STATEMENT_CLEAR_ARTIFACTS] = "DELETE FROM artifact",
    [STATEMENT_CLEAR_EMERGENCIES] = "DELETE FROM emergency",
    [STATEMENT_CLEAR_USES] = "DELETE FROM live_use",
    [STATEMENT_PUT_EMERGENCY] =
        "INSERT INTO emergency (artifact, version, until) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (artifact, version) DO UPDATE SET until = excluded.until",
    [STATEMENT_END_EMERGENCY] = "DELETE FROM emergency WHERE artifact = ?1 AND version = ?2",
    [STATEMENT_FIND_EMERGENCY] = "SELECT until FROM emergency WHERE artifact = ?1 AND version = ?2",
    [STATEMENT_PUT_USE] = "INSERT OR IGNORE INTO live_use (user, used) VALUES (?1, ?2)",
    [STATEMENT_END_USES] = "DELETE FROM live_use WHERE user = ?1",
    [STATEMENT_EACH_USE] = "SELECT used FROM live_use WHERE user = ?1 ORDER BY used",
    [STATEMENT_EACH_USER] =
        "SELECT a.artifact, a.live FROM live_use AS u JOIN artifact AS a ON a.artifact = u.user"
        " WHERE u.used = ?1 AND a.live > 0 ORDER BY a.artifact",
    [STATEMENT_PUT_ARTIFACT] =
        "INSERT INTO artifact (artifact, latest, live, live_since) VALUES (?1, ?2, 0, 0)"
        " ON CONFLICT (artifact) DO UPDATE SET latest = excluded.latest"
        " WHERE excluded.latest > artifact.latest",
    [STATEMENT_PUT_VERSION] =
        "INSERT OR REPLACE INTO version (artifact, version, digest, content_id, commit_id, tag_id,"
        " author, approver, time, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [STATEMENT_SET_LIVE] =
        "UPDATE artifact SET live = ?2, live_since = ?3 WHERE artifact = ?1 AND (?2 = 0 OR EXISTS"
        " (SELECT 1 FROM version AS v WHERE v.artifact = ?1 AND v.version = ?2))"
        " RETURNING live",
    // Two of one table each, which SQLite makes ready faster than one of both.
    [STATEMENT_FIND_ARTIFACT] = "SELECT latest, live, live_since FROM artifact WHERE artifact = ?1",
    [STATEMENT_FIND_VERSION] =
        "SELECT " VERSION_COLUMNS " FROM version AS v WHERE v.artifact = ?1 AND v.version = ?2",
    [STATEMENT_EACH_VERSION] = SELECT_VERSION " WHERE a.artifact = ?1 ORDER BY v.version DESC",
    [STATEMENT_EACH_LATEST] = SELECT_VERSION IN_RANGE " a.latest ORDER BY a.artifact",
    [STATEMENT_EACH_LIVE] = SELECT_VERSION IN_RANGE " a.live AND a.live > 0 ORDER BY a.artifact",
    [STATEMENT_RECEIPT_TABLE] =
        "CREATE TABLE IF NOT EXISTS receipt (id INTEGER PRIMARY KEY, call TEXT NOT NULL,"
        " artifact TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL,"
        " key TEXT NOT NULL, time INTEGER NOT NULL) STRICT",
    [STATEMENT_RECEIPT_INDEX] = "CREATE INDEX IF NOT EXISTS receipt_call ON receipt (call)",
    [STATEMENT_RECEIPT_APPEND] = "INSERT INTO receipt (call, artifact, version, digest, key, time)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [STATEMENT_RECEIPT_TRIM] = "DELETE FROM receipt WHERE id <= (SELECT max(id) FROM receipt) - ?1",
    [STATEMENT_RECEIPT_EXISTS] = "SELECT 1 FROM sqlite_schema WHERE name = 'receipt'",
    [STATEMENT_RECEIPT_OF_CALL] = "SELECT artifact, version, digest, key, time FROM receipt"
                                  " WHERE call = ?1 ORDER BY id",
    [STATEMENT_REQUEST_TABLE] =
        "CREATE TABLE IF NOT EXISTS request (key TEXT PRIMARY KEY, input TEXT NOT NULL,"
        " answer TEXT NOT NULL, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    [STATEMENT_REQUEST_FIND] = "SELECT input, answer FROM request WHERE key = ?1 AND expires > ?2",
    [STATEMENT_REQUEST_PUT] =
        "INSERT OR REPLACE INTO request (key, input, answer, expires) VALUES (?1, ?2, ?3, ?4)",
    [STATEMENT_REQUEST_TRIM] = "DELETE FROM request WHERE expires <= ?1",
    [STATEMENT_AUDIT_HEAD] = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1",
    [STATEMENT_AUDIT_APPEND] =
        "INSERT INTO audit (sequence, entry, previous, hash) VALUES (?1, ?2, ?3, ?4)",
    [STATEMENT_AUDIT_EACH] = "SELECT sequence, entry, previous, hash FROM audit"
                             " WHERE sequence >= ?1 ORDER BY sequence",
};

enum status statement_open(struct statement *out, struct ledger *ledger, enum statement_name name,
                           struct error *err)
{
    sqlite3_stmt *handle = MOVE(ledger->prepared[name]);
    if (!handle) {
        int result = sqlite3_prepare_v3(ledger->database, texts[name], -1,
                                        SQLITE_PREPARE_PERSISTENT, &handle, NULL);
        if (result != SQLITE_OK)
            return failure_set(err, result, ledger->database, ledger->path);
    }
    *out = (struct statement) { .ledger = ledger, .name = name, .handle = handle };
    return STATUS_OK;
}

void statement_release(struct statement *statement)
{
    if (!statement->handle)
        return;
    sqlite3_stmt **kept = &statement->ledger->prepared[statement->name];
    if (*kept) {
        sqlite3_finalize(statement->handle);
    } else {
        // Results of the last step, which the step has reported.
        (void)sqlite3_reset(statement->handle);
        (void)sqlite3_clear_bindings(statement->handle);
        *kept = statement->handle;
    }
    statement->handle = NULL;
}

static void note_failure(struct statement *statement, int result)
{
    if (statement->failed == SQLITE_OK)
        statement->failed = result;
}

void statement_bind_integer(struct statement *statement, int parameter, int64_t value)
{
    note_failure(statement, sqlite3_bind_int64(statement->handle, parameter, value));
}

void statement_bind_text(struct statement *statement, int parameter, const char *text)
{
    note_failure(statement, sqlite3_bind_text(statement->handle, parameter, text ? text : "", -1,
                                              SQLITE_STATIC));
}

void statement_bind_digest(struct statement *statement, int parameter, const struct digest *value)
{
    char text[DIGEST_TEXT_BYTES];
    digest_format(value, text);
    note_failure(statement,
                 sqlite3_bind_text(statement->handle, parameter, text, -1, SQLITE_TRANSIENT));
}

enum status statement_step(struct statement *statement, bool *out_has_row, struct error *err)
{
    struct ledger *ledger = statement->ledger;
    int result = statement->failed ? statement->failed : sqlite3_step(statement->handle);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return failure_set(err, result, ledger->database, ledger->path);
    *out_has_row = result == SQLITE_ROW;
    return STATUS_OK;
}

enum status statement_run(struct statement *statement, struct error *err)
{
    bool has_row = true;
    while (has_row)
        TRY(statement_step(statement, &has_row, err));
    return STATUS_OK;
}

int64_t statement_integer(const struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

enum status statement_text(const struct statement *statement, const char **out, int column,
                           struct error *err)
{
    // No column that we read is ever NULL: SQLite gives NULL when memory ran out.
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    if (!text)
        return error_no_memory(err);
    *out = (const char *)text;
    return STATUS_OK;
}

enum status statement_digest(const struct statement *statement, struct digest *out, int column,
                             struct error *err)
{
    const char *text = NULL;
    TRY(statement_text(statement, &text, column, err));
    if (digest_parse(out, text, err) != STATUS_OK)
        return statement_row_damaged(statement, text, err);
    return STATUS_OK;
}

enum status statement_run_plain(struct ledger *ledger, enum statement_name name, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, name, err));
    return statement_run(&statement, err);
}

enum status statement_row_damaged(const struct statement *statement, const char *what,
                                  struct error *err)
{
    error_set(err, STATUS_DAMAGED, "ledger_damaged", "%s: a row holds '%.200s', which is not valid",
              statement->ledger->path, what);
    return error_hint(err, "`greenroom reindex` rebuilds the index from git; `greenroom verify` "
                           "checks the audit");
}
