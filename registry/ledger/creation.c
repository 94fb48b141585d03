// A new ledger file: built under another name, then linked to its own.
#include "ledger/creation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/memory.h"
#include "ledger/failure.h"

#define INDEX_TABLES "5" // of schema/index.sql
#define RANDOM_BYTES 8

// What SQLite may leave beside a database file, and the file itself.
static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

// The unfinished file's path; its release removes what is there under that name.
static void remove_unfinished(struct buffer *path)
{
    size_t length = path->length;
    for (size_t i = 0; length > 0 && i < COUNT_OF(suffixes); i++) {
        buffer_truncate(path, length);
        buffer_append_text(path, suffixes[i]);
        if (!path->failed)
            (void)unlink(path->bytes); // it was never ours to keep
    }
    buffer_release(path);
}

static void close_database(sqlite3 **database)
{
    (void)sqlite3_close(*database); // NULL is fine; no statement is left open here
    *database = NULL;
}

static int note_mode(void *context, int columns, char **values, char **names)
{
    (void)names;
    bool *is_wal = context;
    *is_wal = columns == 1 && values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

enum status creation_use_wal(sqlite3 *database, const char *path, struct error *err)
{
    bool is_wal = false;
    int result = sqlite3_exec(database, "PRAGMA journal_mode = WAL", note_mode, &is_wal, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, database, path);
    if (!is_wal) {
        error_set(err, STATUS_IO, "ledger_no_wal", "%s: this file system cannot hold it", path);
        return error_hint(err, "put the environment on a local disk: SQLite's WAL mode needs "
                               "shared memory between processes");
    }
    return STATUS_OK;
}

static enum status run_schema(sqlite3 *database, const char *name, const char *path,
                              struct error *err)
{
    const struct embedded_file *schema = embedded_find(name);
    if (!schema)
        return error_set(err, STATUS_DAMAGED, "not_built_in", "%s is not built in", name);
    int result = sqlite3_exec(database, schema->bytes, NULL, NULL, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, database, path);
}

static enum status build(const char *path, struct error *err)
{
    sqlite3 *database OWNED(close_database) = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int result = sqlite3_open_v2(path, &database, flags, NULL);
    // Nobody sees this file before it is whole and synced, so SQLite need not care.
    if (result == SQLITE_OK)
        result = sqlite3_exec(database, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF",
                              NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, database, path);
    TRY(run_schema(database, "ledger.sql", path, err));
    TRY(run_schema(database, "index.sql", path, err));
    return creation_use_wal(database, path, err);
}

static int note_tables(void *context, int columns, char **values, char **names)
{
    (void)names;
    bool *is_whole = context;
    *is_whole = columns == 1 && values[0] && strcmp(values[0], INDEX_TABLES) == 0;
    return 0;
}

// A quick look, from what SQLite has read of the schema already. "No" is no answer yet.
static bool has_index(sqlite3 *database)
{
    static const char *const tables[] = { "artifact", "emergency", "live_use", "tip", "version" };
    bool has = true;
    for (size_t i = 0; i < COUNT_OF(tables) && has; i++)
        has = sqlite3_table_column_metadata(database, "main", tables[i], NULL, NULL, NULL, NULL,
                                            NULL, NULL) == SQLITE_OK;
    return has;
}

static enum status look_for_index(sqlite3 *database, const char *path, bool *out, struct error *err)
{
    int result = sqlite3_exec(database,
                              "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                              " AND name IN ('artifact', 'emergency', 'live_use', 'tip',"
                              " 'version')",
                              note_tables, out, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, database, path);
}

static enum status make_index(sqlite3 *database, const char *path, struct error *err)
{
    bool is_whole = false;
    TRY(look_for_index(database, path, &is_whole, err)); // another process may have been quicker
    if (!is_whole)
        TRY(run_schema(database, "index.sql", path, err));
    int result = sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
    return result == SQLITE_OK ? STATUS_OK : failure_set(err, result, database, path);
}

enum status creation_complete(sqlite3 *database, const char *path, struct error *err)
{
    bool is_whole = has_index(database);
    if (!is_whole)
        TRY(look_for_index(database, path, &is_whole, err));
    if (is_whole)
        return STATUS_OK;
    int result = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return failure_set(err, result, database, path);
    enum status status = make_index(database, path, err);
    if (status != STATUS_OK)
        (void)sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum status sync_file(const char *path, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return error_errno(err, "cannot sync", path);
    return STATUS_OK;
}

static enum status sync_parent(const char *path, struct error *err)
{
    char *folder OWNED(memory_release) = NULL;
    TRY(memory_copy_bytes(&folder, path, (size_t)(strrchr(path, '/') - path) + 1, err));
    return file_sync_folder(folder, err);
}

enum status creation_make(const char *path, struct error *err)
{
    unsigned char random[RANDOM_BYTES];
    // Not SQLite's own: processes forked from one get the same bytes of it.
    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        return error_errno(err, "cannot name a new file beside", path);
    struct buffer unfinished OWNED(remove_unfinished) = { 0 };
    buffer_append_format(&unfinished, "%s.", path);
    buffer_append_hex(&unfinished, random, sizeof(random));
    buffer_append_text(&unfinished, ".new");
    TRY(buffer_check(&unfinished, err));

    // By hand, for the mode: SQLite would make it 0644 whatever the umask gives away.
    int fd OWNED(file_close) = open(unfinished.bytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_errno(err, "cannot create", unfinished.bytes);
    file_close(&fd); // before SQLite locks it: closing any descriptor drops this process's locks
    TRY(build(unfinished.bytes, err));
    TRY(sync_file(unfinished.bytes, err));
    // A link never replaces what another process made meanwhile; a rename would.
    if (link(unfinished.bytes, path) != 0 && errno != EEXIST)
        return error_errno(err, "cannot create", path);
    return sync_parent(path, err);
}
