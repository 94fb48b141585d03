// The environment's SQLite file: what happened (audit), how far the index has followed git (tips),
// and the index itself, which git can rebuild. With the rest of ledger/, the only door to SQLite.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/error.h"

#define LEDGER_OID_BYTES 41 // a git object id as hex, and its NUL

// One connection; one thread at a time.
struct ledger;

// Opens the file; makes it (schema/ledger.sql) when `create` and it is not there, and the tables of
// the index (schema/index.sql), empty, when one of them is missing. WAL, synchronous
// FULL, foreign keys on. STATUS_NOT_FOUND, STATUS_DAMAGED (not a ledger, or a newer format),
// STATUS_CONFLICT (locked by another for longer than LEDGER_BUSY_MS), STATUS_IO (disk full, …).
#define LEDGER_BUSY_MS 10000
enum status ledger_open(struct ledger **out, const char *path, bool create, struct error *err);
// The same for a file that is there, waiting no longer than `busy_ms` for another's write.
enum status ledger_open_patient(struct ledger **out, const char *path, int busy_ms,
                                struct error *err);
// For reading only; never creates the file, never writes rows, works while another process writes,
// also in a folder that this process cannot write. There it needs the files ledger.db-wal and -shm,
// which every writer leaves behind: where they are missing (a bare copy of ledger.db; SQLite's own
// shell was the last to close it) the answer is STATUS_IO until somebody who may write the folder
// has opened the ledger once. In a folder that can be written, SQLite makes them.
enum status ledger_open_reader(struct ledger **out, const char *path, struct error *err);
void ledger_free(struct ledger *ledger);
void ledger_release(struct ledger **ledger); // for OWNED

// BEGIN IMMEDIATE: a locked (STATUS_CONFLICT), read-only or full ledger (STATUS_IO: less than 1 MiB
// left on its disk) refuses here, before git is touched. After STATUS_OK of the commit the rows
// survive power loss; after any other the transaction is rolled back.
enum status ledger_begin(struct ledger *ledger, struct error *err);
enum status ledger_commit(struct ledger *ledger, struct error *err);
void ledger_rollback(struct ledger *ledger); // nothing to do outside a transaction

// How far the index has followed a branch: the commit last applied; "" when none.
enum status ledger_tip_get(struct ledger *ledger, const char *ref, char out[LEDGER_OID_BYTES],
                           struct error *err);
enum status ledger_tip_set(struct ledger *ledger, const char *ref, const char *commit,
                           struct error *err);
