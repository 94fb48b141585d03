// A new ledger file: whole, or not there. Internal to ledger/.
#pragma once

#include <sqlite3.h>

#include "base/error.h"

// Makes the file at `path` from schema/ledger.sql and index.sql, unless there is one by then: of
// two processes that make it at once both succeed, with one file. It survives power loss. A process
// killed in between leaves at most a file "<path>.<hex>.new", which nothing reads. `path` holds a
// '/'.
enum status creation_make(const char *path, struct error *err);

// Puts the file into WAL mode, which it then keeps; STATUS_IO when its file system cannot.
enum status creation_use_wal(sqlite3 *database, const char *path, struct error *err);

// Makes the index's tables, all of them and empty, when one is missing: its reader then finds that
// nothing was applied yet, and follows git from the beginning.
enum status creation_complete(sqlite3 *database, const char *path, struct error *err);
