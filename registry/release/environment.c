// One environment, and the frame that every write runs in.
#include "release/environment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "release/follow.h"
#include "release/request_note.h"
#include "store/tidy.h"
#include "trust/sha1_stream.h"

#define IDENTITY_MAX_BYTES (64U << 10)

static const struct {
    enum environment_class environment_class;
    const char *word;
} classes[] = { { ENVIRONMENT_SANDBOX, "sandbox" }, { ENVIRONMENT_LIVE, "live" } };

const char *environment_class_word(enum environment_class environment_class)
{
    return environment_class == ENVIRONMENT_SANDBOX ? "sandbox" : "live";
}

enum status environment_class_parse(enum environment_class *out, const char *word,
                                    struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (strcmp(classes[i].word, word) == 0) {
            *out = classes[i].environment_class;
            return STATUS_OK;
        }
    error_set(err, STATUS_INVALID, "class_invalid", "'%.40s' is not a class of environment", word);
    return error_hint(err, "use sandbox or live");
}

static enum status fill_identity(struct environment_identity *identity, const char *path,
                                 const struct json *document, struct error *err)
{
    const char *id = json_get_string(document, "id", "");
    const char *name = json_get_string(document, "name", "");
    if (json_get_integer(document, "format", 0) != 1 || strlen(id) != sizeof(identity->id) - 1 ||
        strlen(name) >= sizeof(identity->name)) {
        error_set(err, STATUS_DAMAGED, "environment_malformed",
                  "%s/environment.json: format, id or name is not what this version writes", path);
        return error_hint(err, "use the version of greenroom that made it, or restore the file");
    }
    memcpy(identity->id, id, sizeof(identity->id));
    memcpy(identity->name, name, strlen(name) + 1);
    struct error unknown;
    if (environment_class_parse(&identity->environment_class,
                                json_get_string(document, "class", ""), &unknown) != STATUS_OK)
        identity->environment_class = ENVIRONMENT_LIVE; // in doubt the stricter one
    return STATUS_OK;
}

enum status environment_identify(struct environment_identity *out, const char *path,
                                 struct error *err)
{
    char *file OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct environment_identity identity = { 0 };
    TRY(file_join(&file, path, "environment.json", err));
    enum status status = file_read(&text, file, IDENTITY_MAX_BYTES, err);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, STATUS_NOT_FOUND, "environment_unknown", "%s is not an environment", path);
        return error_hint(err,
                          "make one with `greenroom init %s --class sandbox|live`, or name "
                          "another with --env or GREENROOM_ENV",
                          path);
    }
    TRY(status);
    if (json_parse(&document, buffer_text(&text), text.length, err) != STATUS_OK) {
        err->status = STATUS_DAMAGED;
        return error_prefix(err, "%s", file);
    }
    TRY(fill_identity(&identity, path, document, err));
    *out = identity;
    return STATUS_OK;
}

void environment_free(struct environment *environment)
{
    if (!environment)
        return;
    environment_abandon(environment);
    ledger_free(environment->ledger);
    store_free(environment->store);
    free(environment->path);
    free(environment);
}

void environment_release(struct environment **environment)
{
    environment_free(*environment);
    *environment = NULL;
}

static enum status open_store(struct environment *environment, const char *path, struct error *err)
{
    if (store_open(&environment->store, path, sha1_stream_new, err) == STATUS_NOT_FOUND) {
        err->status = STATUS_DAMAGED; // environment.json says that there is one
        return error_hint(err, "restore the environment from a backup or a replica");
    }
    return environment->store ? STATUS_OK : err->status;
}

enum status environment_open_parts(struct environment **out, const char *path, struct error *err)
{
    struct environment *environment OWNED(environment_release) = NULL;
    char *store OWNED(memory_release) = NULL;
    char *ledger OWNED(memory_release) = NULL;
    TRY(memory_new(&environment, 1, sizeof(*environment), err));
    environment->lock = FILE_LOCK_NONE;
    TRY(environment_identify(&environment->identity, path, err));
    TRY(memory_copy_string(&environment->path, path, err));
    environment->label = environment->path;
    TRY(file_join(&store, path, "store.git", err));
    TRY(file_join(&ledger, path, "ledger.db", err));
    TRY(open_store(environment, store, err));
    TRY(ledger_open(&environment->ledger, ledger, true, err));
    *out = MOVE(environment);
    return STATUS_OK;
}

enum status environment_open(struct environment **out, const char *path, struct error *err)
{
    struct environment *environment OWNED(environment_release) = NULL;
    bool is_current = false;
    TRY(environment_open_parts(&environment, path, err));
    TRY(follow_is_current(environment, &is_current, err));
    if (!is_current) { // a writer was killed between git and the ledger, or the ledger is new
        TRY(environment_begin(environment, err));
        TRY(environment_finish(environment, err));
    }
    *out = MOVE(environment);
    return STATUS_OK;
}

static enum status enter(struct environment *environment, struct error *err)
{
    TRY(tidy_leftovers(environment->store, err));
    TRY(ledger_begin(environment->ledger, err));
    TRY(follow_catch_up(environment, FOLLOW_RECOVER, err));
    bool has_note;
    TRY(request_note_take_up(environment, &has_note, err));
    if (!has_note)
        return STATUS_OK;
    TRY(ledger_commit(environment->ledger, err)); // whatever becomes of the write that begins now
    request_note_remove(environment);
    return ledger_begin(environment->ledger, err);
}

enum status environment_begin(struct environment *environment, struct error *err)
{
    TRY(file_lock_acquire(&environment->lock, environment->path, ENVIRONMENT_LOCK_MS, err));
    enum status status = enter(environment, err);
    if (status != STATUS_OK)
        environment_abandon(environment);
    return status;
}

// What is told to whoever asks again has to be known before the write has happened.
static enum status make_moves(struct environment *environment, struct error *err)
{
    size_t count;
    const struct store_move *moves = store_ref_held(environment->store, &count);
    if (environment->request && count > 0)
        TRY(request_note_write(environment, environment->request, moves, count, err));
    return store_ref_make_held(environment->store, err);
}

enum status environment_finish(struct environment *environment, struct error *err)
{
    if (make_moves(environment, err) != STATUS_OK) {
        environment_abandon(environment);
        return err->status;
    }
    enum status status = ledger_commit(environment->ledger, err);
    if (status == STATUS_OK) {
        if (environment->request)
            request_note_remove(environment);
        // The write is done and durable; what tidying cannot do now, a later write will.
        struct error ignored;
        (void)tidy_store(environment->store, &ignored);
    }
    environment->request = NULL;
    file_lock_release(&environment->lock);
    return status;
}

void environment_abandon(struct environment *environment)
{
    environment->request = NULL;
    if (environment->store)
        store_ref_drop_held(environment->store);
    if (environment->ledger)
        ledger_rollback(environment->ledger);
    file_lock_release(&environment->lock);
}
