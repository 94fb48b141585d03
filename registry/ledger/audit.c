// The audit's rows.
#include "ledger/audit.h"

#include "base/memory.h"
#include "ledger/statement.h"

enum status audit_head(struct ledger *ledger, int64_t *out_sequence, struct digest *out_hash,
                       struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_AUDIT_HEAD, err));
    bool has_row = false;
    TRY(statement_step(&statement, &has_row, err));
    struct digest hash = { 0 };
    if (has_row)
        TRY(statement_digest(&statement, &hash, 1, err));
    *out_sequence = has_row ? statement_integer(&statement, 0) : 0;
    *out_hash = hash;
    return STATUS_OK;
}

enum status audit_append(struct ledger *ledger, const struct audit_row *row, struct error *err)
{
    // That the row follows the last one is the trigger audit_follows' to check: it holds for
    // whoever writes this file.
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_AUDIT_APPEND, err));
    statement_bind_integer(&statement, 1, row->sequence);
    statement_bind_text(&statement, 2, row->entry);
    statement_bind_digest(&statement, 3, &row->previous);
    statement_bind_digest(&statement, 4, &row->hash);
    return statement_run(&statement, err);
}

enum status audit_each(struct ledger *ledger, int64_t first, audit_visit visit, void *context,
                       struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_AUDIT_EACH, err));
    statement_bind_integer(&statement, 1, first);
    for (;;) {
        bool has_row = false;
        TRY(statement_step(&statement, &has_row, err));
        if (!has_row)
            return STATUS_OK;
        struct audit_row row = { .sequence = statement_integer(&statement, 0) };
        TRY(statement_text(&statement, &row.entry, 1, err));
        TRY(statement_digest(&statement, &row.previous, 2, err));
        TRY(statement_digest(&statement, &row.hash, 3, err));
        TRY(visit(context, &row, err));
    }
}
