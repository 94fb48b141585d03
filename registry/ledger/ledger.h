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

// Opens the file; makes it (schema/ledger.sql) when `create` and it is not there. WAL, synchronous
// FULL, foreign keys on. STATUS_NOT_FOUND, STATUS_DAMAGED (not a ledger, or a newer format),
// STATUS_CONFLICT (locked by another for longer than LEDGER_BUSY_MS), STATUS_IO (disk full, …).
#define LEDGER_BUSY_MS 10000
enum status ledger_open(struct ledger **out, const char *path, bool create, struct error *err);
// For reading only; never creates, never writes, works while another process writes.
enum status ledger_open_reader(struct ledger **out, const char *path, struct error *err);
void ledger_free(struct ledger *ledger);
void ledger_release(struct ledger **ledger); // for OWNED

// BEGIN IMMEDIATE: a full, locked or read-only ledger refuses here, before git is touched.
enum status ledger_begin(struct ledger *ledger, struct error *err);
enum status ledger_commit(struct ledger *ledger, struct error *err);
void ledger_rollback(struct ledger *ledger); // nothing to do outside a transaction

// How far the index has followed a branch: the commit last applied; "" when none.
enum status ledger_tip_get(struct ledger *ledger, const char *ref, char out[LEDGER_OID_BYTES],
                           struct error *err);
enum status ledger_tip_set(struct ledger *ledger, const char *ref, const char *commit,
                           struct error *err);
