// The ledger's SQL: one table of statements, prepared once per connection when first needed.
// Internal to ledger/.
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"
#include "ledger/ledger.h"

enum statement_name {
    STATEMENT_APPLICATION_ID,
    STATEMENT_FORMAT,
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_TIP_GET,
    STATEMENT_TIP_SET,
    STATEMENT_CLEAR_TIPS,
    STATEMENT_CLEAR_VERSIONS,
    STATEMENT_CLEAR_ARTIFACTS,
    STATEMENT_CLEAR_EMERGENCIES,
    STATEMENT_CLEAR_USES,
    STATEMENT_PUT_EMERGENCY,
    STATEMENT_END_EMERGENCY,
    STATEMENT_FIND_EMERGENCY,
    STATEMENT_PUT_USE,
    STATEMENT_END_USES,
    STATEMENT_EACH_USE,
    STATEMENT_EACH_USER,
    STATEMENT_PUT_ARTIFACT,
    STATEMENT_PUT_VERSION,
    STATEMENT_SET_LIVE,
    STATEMENT_FIND_ARTIFACT,
    STATEMENT_FIND_VERSION,
    STATEMENT_EACH_VERSION,
    STATEMENT_EACH_LATEST,
    STATEMENT_EACH_LIVE,
    STATEMENT_RECEIPT_TABLE,
    STATEMENT_RECEIPT_INDEX,
    STATEMENT_RECEIPT_APPEND,
    STATEMENT_RECEIPT_TRIM,
    STATEMENT_RECEIPT_EXISTS,
    STATEMENT_RECEIPT_OF_CALL,
    STATEMENT_REQUEST_TABLE,
    STATEMENT_REQUEST_FIND,
    STATEMENT_REQUEST_PUT,
    STATEMENT_REQUEST_TRIM,
    STATEMENT_AUDIT_HEAD,
    STATEMENT_AUDIT_APPEND,
    STATEMENT_AUDIT_EACH,
    STATEMENT_COUNT
};

// The connection that ledger.h promises; ledger.c opens and frees it.
struct ledger {
    sqlite3 *database;
    char *path;
    int busy_ms;                             // how long it waits for another process's write
    sqlite3_stmt *prepared[STATEMENT_COUNT]; // NULL: not needed yet, or in use
};

// One use of a statement. Starts as {0}. While it lasts, another use of the same statement gets its
// own, so that a visit may look things up.
struct statement {
    struct ledger *ledger;
    enum statement_name name;
    sqlite3_stmt *handle;
    int failed; // the first result of a bind that was not SQLITE_OK; the next step reports it
};

enum status statement_open(struct statement *out, struct ledger *ledger, enum statement_name name,
                           struct error *err);
void statement_release(struct statement *statement); // for OWNED

// Parameters count from 1. Texts are borrowed until the release; NULL counts as "".
void statement_bind_integer(struct statement *statement, int parameter, int64_t value);
void statement_bind_text(struct statement *statement, int parameter, const char *text);
// As "sha256:…", copied.
void statement_bind_digest(struct statement *statement, int parameter, const struct digest *value);

// The next row, if there is one.
enum status statement_step(struct statement *statement, bool *out_has_row, struct error *err);

// Runs a statement whose rows nobody wants.
enum status statement_run(struct statement *statement, struct error *err);

// Columns of the row that the last step found, counted from 0. Text is borrowed until the next
// step.
int64_t statement_integer(const struct statement *statement, int column);
enum status statement_text(const struct statement *statement, const char **out, int column,
                           struct error *err);
// STATUS_DAMAGED when it is no digest.
enum status statement_digest(const struct statement *statement, struct digest *out, int column,
                             struct error *err);

// Opens and runs a statement without parameters.
enum status statement_run_plain(struct ledger *ledger, enum statement_name name, struct error *err);

// STATUS_DAMAGED for a row that this library cannot have written.
enum status statement_row_damaged(const struct statement *statement, const char *what,
                                  struct error *err);
