// The part of the index that says what uses what.
#include "ledger/index_use.h"

#include "base/memory.h"
#include "ledger/statement.h"

static enum status put(struct ledger *ledger, const char *user, const struct artifact_id *used,
                       struct error *err)
{
    char text[ID_TEXT_BYTES];
    struct statement statement OWNED(statement_release) = { 0 };
    id_format_bare(used, text);
    TRY(statement_open(&statement, ledger, STATEMENT_PUT_USE, err));
    statement_bind_text(&statement, 1, user);
    statement_bind_text(&statement, 2, text);
    return statement_run(&statement, err);
}

static enum status end_all(struct ledger *ledger, const char *user, struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_END_USES, err));
    statement_bind_text(&statement, 1, user);
    return statement_run(&statement, err);
}

enum status index_use_set(struct ledger *ledger, const struct artifact_id *user,
                          const struct artifact_id *used, size_t count, struct error *err)
{
    char text[ID_TEXT_BYTES];
    id_format_bare(user, text);
    TRY(end_all(ledger, text, err));
    for (size_t i = 0; i < count; i++)
        TRY(put(ledger, text, &used[i], err));
    return STATUS_OK;
}

static enum status visit_rows(struct ledger *ledger, enum statement_name name,
                              const struct artifact_id *of, index_use_visit visit, void *context,
                              struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    struct statement statement OWNED(statement_release) = { 0 };
    id_format_bare(of, artifact);
    TRY(statement_open(&statement, ledger, name, err));
    statement_bind_text(&statement, 1, artifact);
    for (;;) {
        bool has_row = false;
        const char *text = NULL;
        struct artifact_id id;
        TRY(statement_step(&statement, &has_row, err));
        if (!has_row)
            return STATUS_OK;
        TRY(statement_text(&statement, &text, 0, err));
        if (id_parse_bare(&id, text, err) != STATUS_OK)
            return statement_row_damaged(&statement, text, err);
        if (name == STATEMENT_EACH_USER)
            id.version = (uint32_t)statement_integer(&statement, 1);
        TRY(visit(context, &id, err));
    }
}

enum status index_use_each(struct ledger *ledger, const struct artifact_id *user,
                           index_use_visit visit, void *context, struct error *err)
{
    return visit_rows(ledger, STATEMENT_EACH_USE, user, visit, context, err);
}

enum status index_use_each_user(struct ledger *ledger, const struct artifact_id *used,
                                index_use_visit visit, void *context, struct error *err)
{
    return visit_rows(ledger, STATEMENT_EACH_USER, used, visit, context, err);
}
