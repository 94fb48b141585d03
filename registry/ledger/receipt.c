// Receipts: which release a call was given.
#include "ledger/receipt.h"

#include <stdbool.h>

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

static enum status has_table(bool *out, struct ledger *ledger, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_RECEIPT_EXISTS, err));
    return statement_step(&statement, out, err);
}

enum status receipt_each(struct ledger *ledger, const char *call, receipt_visit visit,
                         void *context, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    bool is_there = false;
    TRY(has_table(&is_there, ledger, err));
    if (!is_there)
        return STATUS_OK;
    TRY(statement_open(&statement, ledger, STATEMENT_RECEIPT_OF_CALL, err));
    statement_bind_text(&statement, 1, call);
    for (;;) {
        bool has_row = false;
        TRY(statement_step(&statement, &has_row, err));
        if (!has_row)
            return STATUS_OK;
        struct receipt row = { .call = call,
                               .version = (uint32_t)statement_integer(&statement, 1),
                               .time = statement_integer(&statement, 4) };
        TRY(statement_text(&statement, &row.artifact, 0, err));
        TRY(statement_digest(&statement, &row.digest, 2, err));
        TRY(statement_text(&statement, &row.key, 3, err));
        TRY(visit(context, &row, err));
    }
}
