// What SQLite answers, in our words.
#include "ledger/failure.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

struct meaning {
    int result; // a primary result code
    enum status status;
    const char *code;
    const char *hint;
};

#define HINT_LOCKED "another process is writing there: wait for it to end, then try again"
#define HINT_SPACE "make room on the disk that holds this environment, then try again"
#define HINT_RESTORE                                                                               \
    "`greenroom reindex` rebuilds the index from git; if that fails too, restore ledger.db from "  \
    "a backup and run it then"
#define HINT_ACCESS "let this user write the file and the folder that it is in"
#define HINT_DISK "look at the disk and the permissions of this environment's folder"

// In a folder that cannot be written SQLite needs the two files there; see ledger_open_reader.
#define HINT_BESIDE                                                                                \
    "look at the permissions of its folder; if it is read-only here, run a greenroom command on "  \
    "it as somebody who may write: that puts ledger.db-wal and ledger.db-shm beside it"

static const struct meaning meanings[] = {
    { SQLITE_FULL, STATUS_IO, "disk_full", HINT_SPACE },
    { SQLITE_BUSY, STATUS_CONFLICT, "ledger_locked", HINT_LOCKED },
    { SQLITE_LOCKED, STATUS_CONFLICT, "ledger_locked", HINT_LOCKED },
    { SQLITE_PROTOCOL, STATUS_CONFLICT, "ledger_locked", HINT_LOCKED },
    { SQLITE_CORRUPT, STATUS_DAMAGED, "ledger_damaged", HINT_RESTORE },
    { SQLITE_NOTADB, STATUS_DAMAGED, "ledger_damaged", HINT_RESTORE },
    { SQLITE_CONSTRAINT, STATUS_DAMAGED, "ledger_rule_broken", HINT_RESTORE },
    // The statements are ours and fixed: they fail to compile only on tables that are not as made.
    { SQLITE_ERROR, STATUS_DAMAGED, "ledger_damaged", HINT_RESTORE },
    { SQLITE_READONLY, STATUS_IO, "ledger_read_only", HINT_ACCESS },
    { SQLITE_PERM, STATUS_IO, "ledger_read_only", HINT_ACCESS },
    { SQLITE_CANTOPEN, STATUS_IO, "ledger_not_opened", HINT_BESIDE },
    { SQLITE_IOERR, STATUS_IO, "ledger_io", HINT_DISK },
    { SQLITE_TOOBIG, STATUS_TOO_LARGE, "ledger_value_too_large", "shorten the text" },
};
static const struct meaning unforeseen = { 0, STATUS_IO, "ledger_failed", HINT_DISK };

static const struct meaning *find_meaning(int primary)
{
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (meanings[i].result == primary)
            return &meanings[i];
    return &unforeseen;
}

enum status failure_set(struct error *err, int result, sqlite3 *database, const char *path)
{
    int primary = result & 0xff;
    if (primary == SQLITE_NOMEM || result == SQLITE_IOERR_NOMEM)
        return error_no_memory(err);
    // What the system said, where it said anything: SQLite reports a disk that is full as an I/O
    // error when it meets it in the -shm file.
    bool is_system = database && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN);
    int number = is_system ? sqlite3_system_errno(database) : 0;
    if (number == ENOSPC || number == EDQUOT)
        primary = SQLITE_FULL;
    bool has_words = database && sqlite3_extended_errcode(database) == result;
    const char *words = has_words ? sqlite3_errmsg(database) : sqlite3_errstr(result);
    const struct meaning *meaning = find_meaning(primary);
    error_set(err, meaning->status, meaning->code, "%s: %s%s%s", path, words, number ? ": " : "",
              number ? strerror(number) : "");
    return error_hint(err, "%s", meaning->hint);
}
