// Searches a knowledge base's full-text index.
#include "ledger/search_index.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ledger/failure.h"

#define LABEL "the search index" // in messages; it has no path
#define STEPS_PER_LOOK 1000      // of the machine, between two looks at how many there were

struct search_index {
    sqlite3 *database;
    sqlite3_stmt *find;
    unsigned long looks; // of the search under way
};

static int look_at_steps(void *context)
{
    struct search_index *index = context;
    return ++index->looks > SEARCH_INDEX_MAX_STEPS / STEPS_PER_LOOK; // not 0: SQLite gives up
}

static enum status prepare_index(struct search_index *index, const void *bytes, size_t size_bytes,
                                 struct error *err)
{
    sqlite3_int64 size = (sqlite3_int64)size_bytes;
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int result = sqlite3_open_v2(":memory:", &index->database, flags, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_deserialize(index->database, "main", (unsigned char *)bytes, size, size,
                                     SQLITE_DESERIALIZE_READONLY);
    // Whatever the file says of itself: nothing in it is run.
    if (result == SQLITE_OK)
        result = sqlite3_db_config(index->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(index->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, index->database, LABEL);
    sqlite3_progress_handler(index->database, STEPS_PER_LOOK, look_at_steps, index);
    result = sqlite3_prepare_v3(index->database,
                                "SELECT p.file, p.line, p.start, p.bytes, -words.rank FROM words"
                                " JOIN passage AS p ON p.id = words.rowid WHERE words MATCH ?1"
                                " ORDER BY words.rank LIMIT ?2",
                                -1, SQLITE_PREPARE_PERSISTENT, &index->find, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, index->database, LABEL);
}

enum status search_index_open(struct search_index **out, const void *bytes, size_t size_bytes,
                              struct error *err)
{
    struct search_index *index OWNED(search_index_release) = NULL;
    TRY(memory_new(&index, 1, sizeof(*index), err));
    TRY(prepare_index(index, bytes, size_bytes, err));
    *out = MOVE(index);
    return STATUS_OK;
}

void search_index_free(struct search_index *index)
{
    if (!index)
        return;
    (void)sqlite3_finalize(index->find);
    (void)sqlite3_close(index->database);
    free(index);
}

void search_index_release(struct search_index **index)
{
    search_index_free(*index);
    *index = NULL;
}

static enum status visit_row(struct search_index *index, search_visit visit, void *context,
                             struct error *err)
{
    sqlite3_stmt *find = index->find;
    struct search_hit hit = {
        .passage = { .file = (uint32_t)sqlite3_column_int64(find, 0),
                     .line = (uint32_t)sqlite3_column_int64(find, 1),
                     .start = (uint64_t)sqlite3_column_int64(find, 2),
                     .bytes = (uint64_t)sqlite3_column_int64(find, 3) },
        .score = sqlite3_column_double(find, 4),
    };
    return visit(context, &hit, err);
}

static enum status find_rows(struct search_index *index, search_visit visit, void *context,
                             struct error *err)
{
    int result;
    while ((result = sqlite3_step(index->find)) == SQLITE_ROW)
        TRY(visit_row(index, visit, context, err));
    if (result == SQLITE_DONE)
        return STATUS_OK;
    if (result != SQLITE_INTERRUPT)
        return failure_set(err, result, index->database, LABEL);
    error_set(err, STATUS_TOO_LARGE, "search_too_large", "too much would have to be looked at");
    return error_hint(err, "ask with fewer and rarer words");
}

enum status search_index_find(struct search_index *index, const char *expression, unsigned limit,
                              search_visit visit, void *context, struct error *err)
{
    index->looks = 0;
    int result = sqlite3_bind_text(index->find, 1, expression, -1, SQLITE_STATIC);
    if (result == SQLITE_OK)
        result = sqlite3_bind_int64(index->find, 2,
                                    limit < SEARCH_INDEX_MAX_HITS ? limit : SEARCH_INDEX_MAX_HITS);
    if (result != SQLITE_OK)
        return failure_set(err, result, index->database, LABEL);
    enum status status = find_rows(index, visit, context, err);
    (void)sqlite3_reset(index->find); // the last step's result, which was reported
    (void)sqlite3_clear_bindings(index->find);
    return status;
}
