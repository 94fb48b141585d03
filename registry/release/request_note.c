// What a request was answered, noted before its branch moves.
#include "release/request_note.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "release/environment.h"
#include "store/commit.h"

#define NOTE_MODE 0660 // as the ledger: whoever writes to the environment may have to take it up
#define BRANCHES "refs/heads/"

static struct json *make_moves(const struct store_move *moves, size_t count)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < count; i++) {
        char oid[OID_TEXT_BYTES];
        struct json *move = json_append_object(list);
        oid_format(&moves[i].to, oid);
        json_set_string(move, "ref", moves[i].ref);
        json_set_string(move, "to", oid);
    }
    return list;
}

// In place: what is torn says nothing, and that is right, since no branch has moved before it was
// whole.
static enum status write_durably(const char *path, const struct buffer *text, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, NOTE_MODE);
    if (fd < 0)
        return error_errno(err, "cannot write", path);
    TRY(file_write_all(fd, text->bytes, text->length, path, err));
    return fsync(fd) == 0 ? STATUS_OK : error_errno(err, "cannot write", path);
}

enum status request_note_write(const struct environment *environment, const struct request_row *row,
                               const struct store_move *moves, size_t count, struct error *err)
{
    struct json *note OWNED(json_release) = json_new_object();
    struct buffer text OWNED(buffer_release) = { 0 };
    char *path OWNED(memory_release) = NULL;
    char input[DIGEST_TEXT_BYTES];
    bool is_short = strlen(row->answer) <= REQUEST_NOTE_MAX_ANSWER_BYTES;
    digest_format(&row->input, input);
    json_set_integer(note, "format", 1);
    json_set_string(note, "key", row->key);
    json_set_string(note, "input", input);
    json_set_string(note, "answer", is_short ? row->answer : REQUEST_NOTE_NO_ANSWER);
    json_set_integer(note, "expires", row->expires);
    json_set(note, "moves", make_moves(moves, count));
    TRY(json_print(&text, note, err));
    TRY(file_join(&path, environment->path, REQUEST_NOTE_FILE, err));
    if (write_durably(path, &text, err) == STATUS_OK &&
        file_sync_folder(environment->path, err) == STATUS_OK)
        return STATUS_OK;
    (void)unlink(path);
    return err->status;
}

static enum status ignore_commit(void *context, const struct oid *oid, const struct commit *commit,
                                 struct error *err)
{
    (void)context, (void)oid, (void)commit, (void)err;
    return STATUS_OK;
}

// Whether a branch stands where the move took it, or further on.
static enum status find_move(struct store *store, const struct json *move, bool *out_is_made,
                             struct error *err)
{
    struct oid to;
    struct oid tip;
    struct error unheard;
    const char *ref = json_get_string(move, "ref", "");
    *out_is_made = true;
    if (strncmp(ref, BRANCHES, strlen(BRANCHES)) != 0) // tags follow from the branches
        return STATUS_OK;
    TRY(oid_parse(&to, json_get_string(move, "to", ""), err));
    TRY(store_ref_get(store, ref, &tip, err));
    *out_is_made = oid_equal(&to, &tip) ||
                   (!oid_is_none(&tip) && commit_each_since(store, &to, &tip, ignore_commit, NULL,
                                                            &unheard) == STATUS_OK);
    return STATUS_OK;
}

static enum status take_up(struct environment *environment, const struct json *note,
                           struct error *err)
{
    struct request_row row = { .key = json_get_string(note, "key", ""),
                               .answer = json_get_string(note, "answer", REQUEST_NOTE_NO_ANSWER),
                               .expires = json_get_integer(note, "expires", 0) };
    TRY(digest_parse(&row.input, json_get_string(note, "input", ""), err));
    const struct json *moves = json_get(note, "moves");
    bool is_done = json_count(moves) > 0;
    for (const struct json *move = json_first(moves); move && is_done; move = json_next(move))
        TRY(find_move(environment->store, move, &is_done, err));
    return is_done ? request_put(environment->ledger, &row, clock_now(), err) : STATUS_OK;
}

// Nobody can say any more whether its request was done.
static enum status malformed(const char *path, struct error *err)
{
    err->status = STATUS_DAMAGED;
    error_prefix(err, "%s", path);
    return error_hint(err,
                      "look at the history for what was under way, then remove %s: the request "
                      "that it belonged to is done anew if it is asked again",
                      path);
}

enum status request_note_take_up(struct environment *environment, bool *out_is_there,
                                 struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *note OWNED(json_release) = NULL;
    TRY(file_join(&path, environment->path, REQUEST_NOTE_FILE, err));
    enum status status = file_read(&text, path, JSON_MAX_BYTES, err);
    *out_is_there = status != STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    TRY(status);
    struct error torn;
    if (json_parse(&note, buffer_text(&text), text.length, &torn) != STATUS_OK)
        return STATUS_OK;
    status = take_up(environment, note, err);
    return status == STATUS_INVALID ? malformed(path, err) : status;
}

void request_note_remove(const struct environment *environment)
{
    char *path OWNED(memory_release) = NULL;
    struct error unheard;
    if (file_join(&path, environment->path, REQUEST_NOTE_FILE, &unheard) == STATUS_OK)
        (void)unlink(path); // one that stays is taken up once more, which changes nothing
}
