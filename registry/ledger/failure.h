// What SQLite answers, in our words: the one place where its result codes end.
#pragma once

#include <sqlite3.h>

#include "base/error.h"

// Fills *err from a result of SQLite that was not expected, and returns its status. `database` may
// be NULL; `path` is the ledger's file, for the message.
enum status failure_set(struct error *err, int result, sqlite3 *database, const char *path);
