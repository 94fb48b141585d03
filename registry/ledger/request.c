// Requests that were done, for a while.
#include "ledger/request.h"

#include "base/memory.h"
#include "ledger/statement.h"

enum status request_find(struct ledger *ledger, const char *key, int64_t now, bool *out_found,
                         struct digest *out_input, struct buffer *out_answer, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    const char *answer;
    TRY(statement_run_plain(ledger, STATEMENT_REQUEST_TABLE, err)); // nobody asked before
    TRY(statement_open(&statement, ledger, STATEMENT_REQUEST_FIND, err));
    statement_bind_text(&statement, 1, key);
    statement_bind_integer(&statement, 2, now);
    TRY(statement_step(&statement, out_found, err));
    if (!*out_found)
        return STATUS_OK;
    TRY(statement_digest(&statement, out_input, 0, err));
    TRY(statement_text(&statement, &answer, 1, err));
    buffer_append_text(out_answer, answer);
    return buffer_check(out_answer, err);
}

enum status request_put(struct ledger *ledger, const struct request_row *row, int64_t now,
                        struct error *err)
{
    struct statement trim OWNED(statement_release) = { 0 };
    struct statement put OWNED(statement_release) = { 0 };
    TRY(statement_run_plain(ledger, STATEMENT_REQUEST_TABLE, err));
    TRY(statement_open(&trim, ledger, STATEMENT_REQUEST_TRIM, err));
    statement_bind_integer(&trim, 1, now);
    TRY(statement_run(&trim, err));
    TRY(statement_open(&put, ledger, STATEMENT_REQUEST_PUT, err));
    statement_bind_text(&put, 1, row->key);
    statement_bind_digest(&put, 2, &row->input);
    statement_bind_text(&put, 3, row->answer);
    statement_bind_integer(&put, 4, row->expires);
    return statement_run(&put, err);
}
