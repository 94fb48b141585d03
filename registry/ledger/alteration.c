// Whether somebody else has had a hand in how the audit is kept.
#include "ledger/alteration.h"

#include <stdio.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "ledger/failure.h"
#include "ledger/statement.h"

static void close_database(sqlite3 **database)
{
    (void)sqlite3_close(*database); // NULL is fine; no statement is left open here
}

static void finalize(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

// A ledger as it is made, in memory.
static enum status make_wanted(sqlite3 **out, struct error *err)
{
    const struct embedded_file *schema = embedded_find("ledger.sql");
    int result =
        sqlite3_open_v2(":memory:", out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (result == SQLITE_OK && schema)
        result = sqlite3_exec(*out, schema->bytes, NULL, NULL, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, *out, ":memory:");
}

static enum status find_same(sqlite3_stmt *find, sqlite3_stmt *each, bool *out, struct error *err)
{
    int result = SQLITE_OK;
    for (int i = 0; i < 3 && result == SQLITE_OK; i++)
        result = sqlite3_bind_value(find, i + 1, sqlite3_column_value(each, i));
    if (result == SQLITE_OK)
        result = sqlite3_step(find);
    *out = result == SQLITE_ROW;
    (void)sqlite3_reset(find);
    return result == SQLITE_ROW || result == SQLITE_DONE
               ? STATUS_OK
               : failure_set(err, result, sqlite3_db_handle(find), "the ledger");
}

static const char *text(sqlite3_stmt *statement, int column)
{
    const char *value = (const char *)sqlite3_column_text(statement, column);
    return value ? value : "";
}

// The first thing in `one` that is not, to the letter, in `other`.
static enum status compare(sqlite3 *one, sqlite3 *other, const char *what,
                           char out[ALTERATION_BYTES], struct error *err)
{
    sqlite3_stmt *each OWNED(finalize) = NULL;
    sqlite3_stmt *find OWNED(finalize) = NULL;
    int result = sqlite3_prepare_v2(one,
                                    "SELECT type, name, sql FROM sqlite_schema"
                                    " WHERE type IN ('trigger', 'view')"
                                    " OR tbl_name = 'audit' COLLATE NOCASE",
                                    -1, &each, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, one, "the ledger");
    result = sqlite3_prepare_v2(other,
                                "SELECT 1 FROM sqlite_schema"
                                " WHERE type = ?1 AND name = ?2 AND sql IS ?3",
                                -1, &find, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, other, "the ledger");
    bool is_same = true;
    while (is_same && (result = sqlite3_step(each)) == SQLITE_ROW) {
        TRY(find_same(find, each, &is_same, err));
        if (!is_same)
            snprintf(out, ALTERATION_BYTES, "%.10s %.60s %s", text(each, 0), text(each, 1), what);
    }
    return !is_same || result == SQLITE_DONE ? STATUS_OK
                                             : failure_set(err, result, one, "the ledger");
}

enum status alteration_find(struct ledger *ledger, bool *out_is_altered, char out[ALTERATION_BYTES],
                            struct error *err)
{
    sqlite3 *wanted OWNED(close_database) = NULL;
    TRY(make_wanted(&wanted, err));
    out[0] = '\0';
    TRY(compare(ledger->database, wanted, "is not as Greenroom made it", out, err));
    if (!out[0])
        TRY(compare(wanted, ledger->database, "is gone", out, err));
    *out_is_altered = out[0] != '\0';
    return STATUS_OK;
}
