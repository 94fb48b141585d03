// A write in progress.
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/crew.h"
#include "base/memory.h"
#include "store/pack.h"
#include "store/pack_ahead.h"
#include "store/pack_set.h"
#include "store/store_internal.h"
#include "store/store_object.h"
#include "store/tree_content.h"
#include "store/writer_tree.h"

#define IDENTITY_MAX_BYTES 256       // of a name or an email in a commit
#define AHEAD_LEAST_BYTES (4U << 20) // with less, a second pack's syncs take longer than is won

struct writer {
    struct store *store;
    struct pack_ahead *ahead; // of the first objects that wait to be packed; NULL for none
    size_t ahead_end;         // where those behind them begin
};

enum status writer_new(struct writer **out, struct store *store, struct error *err)
{
    if (!store->sha1)
        return error_set(err, STATUS_IO, "read_only", "%s is open for reading only", store->path);
    struct writer *writer = NULL;
    TRY(memory_new(&writer, 1, sizeof(*writer), err));
    writer->store = store;
    store_give_up(store);
    // What the last writer packed need not be written again; in a process that writes once, nobody
    // pays for looking.
    if (store->is_behind && git_odb_refresh(store->odb) == 0)
        store->is_behind = false;
    *out = writer;
    return STATUS_OK;
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    pack_ahead_free(writer->ahead);
    store_give_up(writer->store);
    free(writer);
}

void writer_release(struct writer **writer)
{
    writer_free(*writer);
    *writer = NULL;
}

enum status writer_put_blob(struct writer *writer, const void *bytes, size_t length,
                            struct oid *out, struct error *err)
{
    struct buffer copy OWNED(buffer_release) = { 0 };
    buffer_append(&copy, bytes, length);
    return store_object_add(writer->store, GIT_OBJECT_BLOB, &copy, out, err);
}

// What comes from a store has its name already, which its bytes bear out (store_object_read).
static enum status name_file(const struct content_file *file, struct oid *out, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    if (tree_content_blob(file, out))
        return STATUS_OK;
    TRY(content_view(&view, file, err));
    return store_object_name(view.bytes, view.size_bytes, GIT_OBJECT_BLOB, out, err);
}

// The names of content's files, as a crew finds them.
struct naming {
    const struct content *content;
    struct oid *ids;
};

static void name_held(void *context, size_t index)
{
    const struct naming *naming = context;
    struct error ignored; // whoever finds no name asks again
    if (name_file(&naming->content->files[index], &naming->ids[index], &ignored) != STATUS_OK)
        naming->ids[index] = (struct oid) { 0 };
}

static enum status put_file(struct writer *writer, const struct pack_set *packs,
                            const struct content_file *file, struct oid *id, struct error *err)
{
    if (oid_is_none(id))
        TRY(name_file(file, id, err));
    if (packs->is_all ? pack_set_has(packs, id) : store_object_exists(writer->store, id))
        return STATUS_OK;
    return pending_add_file(writer->store->pending, id, file, err);
}

enum status writer_put_content(struct writer *writer, const struct content *content,
                               struct oid *out_tree, struct error *err)
{
    struct oid *ids OWNED(memory_release) = NULL;
    struct pack_set packs OWNED(pack_set_release) = { 0 };
    TRY(memory_new(&ids, content->count, sizeof(*ids), err));
    if (content->count >= PACK_SET_MANY)
        TRY(pack_set_open(&packs, writer->store, err));
    struct naming naming = { content, ids };
    if (content_is_held(content)) // looking for a collision takes longer than a hash
        crew_run(content->count, name_held, &naming);
    for (size_t i = 0; i < content->count; i++)
        TRY(put_file(writer, &packs, &content->files[i], &ids[i], err));
    return writer_tree_of_content(writer->store, content, ids, out_tree, err);
}

enum status writer_put_tree(struct writer *writer, const struct oid *base,
                            const struct writer_change *changes, size_t count, struct oid *out_tree,
                            struct error *err)
{
    return writer_tree_apply(writer->store, base, changes, count, out_tree, err);
}

// At most `limit` bytes of a text, without half a character at the end (UTF-8).
static size_t cut_text(const char *text, size_t length, size_t limit)
{
    if (length <= limit)
        return length;
    while (limit > 0 && ((unsigned char)text[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}

// A signature follows the text, and must begin a line there: so the text ends one.
static void append_message(struct buffer *out, const char *message)
{
    buffer_append_text(out, "\n");
    buffer_append_text(out, message);
    size_t length = strlen(message);
    if (length > 0 && message[length - 1] != '\n')
        buffer_append_byte(out, '\n');
}

// git's identity: name and email without '<', '>' and line breaks, then seconds and zone.
static void append_identity(struct buffer *out, const char *actor, int64_t time)
{
    const char *open = strchr(actor, '<');
    size_t name_bytes = open ? (size_t)(open - actor) : strlen(actor);
    while (name_bytes > 0 && actor[name_bytes - 1] == ' ')
        name_bytes--;
    const char *email = open ? open + 1 : actor;
    size_t email_bytes = strcspn(email, ">");
    const char *parts[] = { actor, email };
    size_t lengths[] = { name_bytes, email_bytes };
    for (int part = 0; part < 2; part++) {
        buffer_append_text(out, part ? " <" : "");
        size_t length = cut_text(parts[part], lengths[part], IDENTITY_MAX_BYTES);
        for (size_t i = 0; i < length; i++)
            buffer_append_byte(out, strchr("<>\n\r", parts[part][i]) ? '-' : parts[part][i]);
        if (part == 0 && lengths[part] == 0)
            buffer_append_text(out, "unknown");
    }
    buffer_append_format(out, "> %lld +0000\n", (long long)time);
}

static void append_id(struct buffer *out, const char *field, const struct oid *oid)
{
    buffer_append_text(out, field);
    buffer_append_hex(out, oid->bytes, OID_BYTES);
    buffer_append_byte(out, '\n');
}

enum status writer_commit_text(struct buffer *out, const struct writer_commit *commit,
                               struct error *err)
{
    append_id(out, "tree ", &commit->tree);
    if (!oid_is_none(&commit->parent))
        append_id(out, "parent ", &commit->parent);
    buffer_append_text(out, "author ");
    append_identity(out, commit->actor, commit->time);
    buffer_append_text(out, "committer ");
    append_identity(out, commit->actor, commit->time);
    append_message(out, commit->message);
    return buffer_check(out, err);
}

enum status writer_tag_text(struct buffer *out, const struct writer_tag *tag, struct error *err)
{
    append_id(out, "object ", &tag->target);
    buffer_append_format(out, "type commit\ntag %s\ntagger ", tag->name);
    append_identity(out, tag->actor, tag->time);
    append_message(out, tag->message);
    return buffer_check(out, err);
}

// In a commit the signature is a header, "gpgsig", behind the others, its lines indented by one
// space after the first.
static void append_signed(struct buffer *out, const char *text, const char *signature)
{
    const char *body = strstr(text, "\n\n");
    size_t header_bytes = body ? (size_t)(body - text) + 1 : strlen(text);
    buffer_append(out, text, header_bytes);
    buffer_append_text(out, "gpgsig ");
    size_t length = strlen(signature);
    while (length > 0 && signature[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++) {
        buffer_append_byte(out, signature[i]);
        if (signature[i] == '\n')
            buffer_append_byte(out, ' ');
    }
    buffer_append_byte(out, '\n');
    buffer_append_text(out, text + header_bytes);
}

static enum status put_text(struct writer *writer, git_object_t type, struct buffer *text,
                            struct oid *out, struct error *err)
{
    TRY(buffer_check(text, err));
    return store_object_add_new(writer->store, type, text, out, err);
}

enum status writer_put_commit(struct writer *writer, const char *text, const char *signature,
                              struct oid *out, struct error *err)
{
    struct buffer whole OWNED(buffer_release) = { 0 };
    if (signature)
        append_signed(&whole, text, signature);
    else
        buffer_append_text(&whole, text);
    return put_text(writer, GIT_OBJECT_COMMIT, &whole, out, err);
}

enum status writer_put_tag(struct writer *writer, const char *text, const char *signature,
                           struct oid *out, struct error *err)
{
    struct buffer whole OWNED(buffer_release) = { 0 };
    buffer_append_text(&whole, text);
    buffer_append_text(&whole, signature ? signature : "");
    return put_text(writer, GIT_OBJECT_TAG, &whole, out, err);
}

enum status writer_flush_ahead(struct writer *writer, struct error *err)
{
    struct pending *pending = writer->store->pending;
    const struct pending_object *objects = pending->objects + pending->packed;
    size_t count = pending->count - pending->packed;
    uint64_t total_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (objects[i].file && objects[i].size_bytes > 0 && !objects[i].file->held)
            return STATUS_OK; // its source serves one thread
        total_bytes += objects[i].size_bytes;
    }
    if (writer->ahead || total_bytes < AHEAD_LEAST_BYTES)
        return STATUS_OK;
    writer->ahead_end = pending->count;
    return pack_ahead_start(&writer->ahead, writer->store, objects, count, err);
}

static enum status show_ahead(struct writer *writer, struct error *err)
{
    struct pack_ahead *ahead OWNED(pack_ahead_release) = MOVE(writer->ahead);
    TRY(pack_ahead_show(ahead, err));
    pending_note_packed(writer->store->pending, writer->ahead_end);
    writer->store->is_behind = true;
    return STATUS_OK;
}

enum status writer_flush(struct writer *writer, struct error *err)
{
    struct pending *pending = writer->store->pending;
    if (writer->ahead)
        TRY(show_ahead(writer, err));
    size_t count = pending->count - pending->packed;
    TRY(pack_write(writer->store, pending->objects + pending->packed, count, err));
    writer->store->is_behind = writer->store->is_behind || count > 0;
    pending_note_packed(pending, pending->count);
    return STATUS_OK;
}
