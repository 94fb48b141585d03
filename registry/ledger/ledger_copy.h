// A consistent copy of a ledger that others may be writing to.
#pragma once

#include "base/error.h"
#include "ledger/ledger.h"

// Writes what is committed by now to a new file at `path` (it must not exist), by SQLite's backup
// interface: one file, without a WAL beside it. Not durable. STATUS_CONFLICT, STATUS_IO; on failure
// the file may be there in part.
enum status ledger_copy(struct ledger *ledger, const char *path, struct error *err);
