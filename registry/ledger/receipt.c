// Receipts: which release a call was given.
#include "ledger/receipt.h"

#include "base/memory.h"
#include "ledger/statement.h"

enum status receipt_begin(struct ledger *ledger, struct error *err)
{
    TRY(statement_run_plain(ledger, STATEMENT_RECEIPT_TABLE, err));
    return statement_run_plain(ledger, STATEMENT_RECEIPT_INDEX, err);
}

enum status receipt_append(struct ledger *ledger, const struct receipt *receipt, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_RECEIPT_APPEND, err));
    statement_bind_text(&statement, 1, receipt->call);
    statement_bind_text(&statement, 2, receipt->artifact);
    statement_bind_integer(&statement, 3, receipt->version);
    statement_bind_digest(&statement, 4, &receipt->digest);
    statement_bind_text(&statement, 5, receipt->key);
    statement_bind_integer(&statement, 6, receipt->time);
    return statement_run(&statement, err);
}

enum status receipt_trim(struct ledger *ledger, int64_t max_rows, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_RECEIPT_TRIM, err));
    statement_bind_integer(&statement, 1, max_rows);
    return statement_run(&statement, err);
}
