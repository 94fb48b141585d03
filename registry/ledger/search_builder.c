// Makes a knowledge base's full-text index.
#include "ledger/search_builder.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "ledger/failure.h"

struct search_builder {
    sqlite3 *database;
    sqlite3_stmt *put_passage;
    sqlite3_stmt *put_words;
    char *path;
    int64_t count;
};

static enum status run(sqlite3 *database, const char *sql, const char *path, struct error *err)
{
    int result = sqlite3_exec(database, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, database, path);
}

static enum status prepare(struct search_builder *builder, sqlite3_stmt **out, const char *sql,
                           struct error *err)
{
    int result =
        sqlite3_prepare_v3(builder->database, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return result == SQLITE_OK ? STATUS_OK
                               : failure_set(err, result, builder->database, builder->path);
}

static enum status prepare_builder(struct search_builder *builder, const char *path,
                                   struct error *err)
{
    const struct embedded_file *schema = embedded_find("search.sql");
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    TRY(memory_copy_string(&builder->path, path, err));
    if (!schema)
        return error_set(err, STATUS_DAMAGED, "not_built_in", "search.sql is not built in");
    int result = sqlite3_open_v2(path, &builder->database, flags, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, builder->database, path);
    // Who is interrupted begins anew with another file.
    TRY(run(builder->database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN", path,
            err));
    TRY(run(builder->database, schema->bytes, path, err));
    TRY(prepare(builder, &builder->put_passage,
                "INSERT INTO passage (id, file, line, start, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                err));
    return prepare(builder, &builder->put_words, "INSERT INTO words (rowid, text) VALUES (?1, ?2)",
                   err);
}

enum status search_builder_new(struct search_builder **out, const char *path, struct error *err)
{
    struct search_builder *builder OWNED(search_builder_release) = NULL;
    TRY(memory_new(&builder, 1, sizeof(*builder), err));
    TRY(prepare_builder(builder, path, err));
    *out = MOVE(builder);
    return STATUS_OK;
}

// `bound` are the results of the binds, or-ed: SQLITE_OK is 0.
static enum status step(struct search_builder *builder, sqlite3_stmt *statement, int bound,
                        struct error *err)
{
    int result = bound == SQLITE_OK ? sqlite3_step(statement) : SQLITE_NOMEM;
    (void)sqlite3_reset(statement);
    return result == SQLITE_DONE ? STATUS_OK
                                 : failure_set(err, result, builder->database, builder->path);
}

enum status search_builder_add(struct search_builder *builder, const struct search_passage *passage,
                               const char *text, struct error *err)
{
    sqlite3_stmt *put = builder->put_passage;
    int64_t id = ++builder->count;
    int bound = sqlite3_bind_int64(put, 1, id) | sqlite3_bind_int64(put, 2, passage->file) |
                sqlite3_bind_int64(put, 3, passage->line) |
                sqlite3_bind_int64(put, 4, (int64_t)passage->start) |
                sqlite3_bind_int64(put, 5, (int64_t)passage->bytes);
    TRY(step(builder, put, bound, err));
    put = builder->put_words;
    bound = sqlite3_bind_int64(put, 1, id) |
            sqlite3_bind_text64(put, 2, text, passage->bytes, SQLITE_STATIC, SQLITE_UTF8);
    return step(builder, put, bound, err);
}

enum status search_builder_finish(struct search_builder *builder, struct error *err)
{
    return run(builder->database, "INSERT INTO words (words) VALUES ('optimize'); COMMIT",
               builder->path, err);
}

void search_builder_free(struct search_builder *builder)
{
    if (!builder)
        return;
    (void)sqlite3_finalize(builder->put_passage);
    (void)sqlite3_finalize(builder->put_words);
    (void)sqlite3_close(builder->database);
    free(builder->path);
    free(builder);
}

void search_builder_release(struct search_builder **builder)
{
    search_builder_free(*builder);
    *builder = NULL;
}
