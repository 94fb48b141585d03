// A consistent copy of a ledger, by SQLite's online backup interface.
#include "ledger/ledger_copy.h"

#include "base/file.h"
#include "base/memory.h"
#include "ledger/failure.h"
#include "ledger/statement.h"

static void close_database(sqlite3 **database)
{
    (void)sqlite3_close(*database); // NULL is fine; no statement is left open here
}

enum status ledger_copy(struct ledger *ledger, const char *path, struct error *err)
{
    sqlite3 *copy OWNED(close_database) = NULL;
    if (file_exists(path))
        return error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(path, &copy, flags, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, copy, path);
    // All pages in one step: the source is not locked for writers, and cannot change in between.
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", ledger->database, "main");
    if (backup)
        (void)sqlite3_backup_step(backup, -1);
    result = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(copy);
    if (result == SQLITE_OK) // the copy says that it has a WAL, as its source does
        result = sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, copy, path);
}
