// What the ledger's tests share: a ledger in a temporary folder, and SQL against its file by hand.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "ledger/ledger.h"

#define FIXTURE_PATH_BYTES 128

struct fixture {
    char folder[FIXTURE_PATH_BYTES];
    char path[2 * FIXTURE_PATH_BYTES]; // of ledger.db
    struct ledger *ledger;             // open for writing; a test may release it
    struct error err;
};

static inline void fixture_path(const struct fixture *fixture, const char *name,
                                char out[2 * FIXTURE_PATH_BYTES])
{
    snprintf(out, 2 * FIXTURE_PATH_BYTES, "%s/%s", fixture->folder, name);
}

static inline int fixture_make_folder(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/greenroom-ledger-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture_path(fixture, "ledger.db", fixture->path);
    *state = fixture;
    return 0;
}

static inline int fixture_make_ledger(void **state)
{
    fixture_make_folder(state);
    struct fixture *fixture = *state;
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, true, &fixture->err), STATUS_OK);
    return 0;
}

static inline int fixture_remove(void **state)
{
    struct fixture *fixture = *state;
    ledger_release(&fixture->ledger);
    chmod(fixture->folder, 0700);
    assert_int_equal(file_remove_tree(fixture->folder, &fixture->err), STATUS_OK);
    free(fixture);
    return 0;
}

static inline int fixture_add_row(void *context, int columns, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < columns; i++) {
        buffer_append_text(context, values[i] ? values[i] : "NULL");
        buffer_append_text(context, i + 1 < columns ? "|" : "\n");
    }
    return 0;
}

// Runs SQL on the ledger's file over a connection of its own and gives the result's rows, one a
// line; the caller frees them. *out_result is SQLite's result code.
static inline char *fixture_sql(const struct fixture *fixture, const char *sql, int *out_result)
{
    sqlite3 *database = NULL;
    struct buffer rows = { 0 };
    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    // As our own connections do: the WAL stays where it is.
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    *out_result = sqlite3_exec(database, sql, fixture_add_row, &rows, NULL);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    buffer_append_text(&rows, "");
    return buffer_detach(&rows);
}

static inline void fixture_assert_sql(const struct fixture *fixture, const char *sql,
                                      const char *expected)
{
    int result = SQLITE_OK;
    char *rows OWNED(memory_release) = fixture_sql(fixture, sql, &result);
    assert_int_equal(result, SQLITE_OK);
    assert_string_equal(rows ? rows : "", expected);
}
