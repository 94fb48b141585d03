// A write in progress.
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/pack.h"
#include "store/store_internal.h"

#define IDENTITY_MAX_BYTES 256 // of a name or an email in a commit

struct writer {
    struct store *store;
};

enum status writer_new(struct writer **out, struct store *store, struct error *err)
{
    if (!store->sha1)
        return error_set(err, STATUS_IO, "read_only", "%s is open for reading only", store->path);
    struct writer *writer = NULL;
    TRY(memory_new(&writer, 1, sizeof(*writer), err));
    writer->store = store;
    pending_clear(store->pending);
    *out = writer;
    return STATUS_OK;
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    pending_clear(writer->store->pending);
    free(writer);
}

void writer_release(struct writer **writer)
{
    writer_free(*writer);
    *writer = NULL;
}

static enum status put_object(struct writer *writer, const void *bytes, size_t length,
                              git_object_t type, struct oid *out, struct error *err)
{
    git_oid id;
    int code = git_odb_write(&id, writer->store->odb, bytes, length, type);
    if (code != 0)
        return store_fail(err, code, "add", git_object_type2string(type));
    store_from_git(out, &id);
    return STATUS_OK;
}

enum status writer_put_blob(struct writer *writer, const void *bytes, size_t length,
                            struct oid *out, struct error *err)
{
    return put_object(writer, bytes, length, GIT_OBJECT_BLOB, out, err);
}

// A blob's id is the SHA-1 of "blob <size>", a NUL and its bytes.
static enum status hash_file(struct writer *writer, const struct content_file *file,
                             struct oid *out, struct error *err)
{
    struct hash_stream *sha1 = writer->store->sha1;
    struct content_view view OWNED(content_view_release) = { 0 };
    struct buffer header OWNED(buffer_release) = { 0 };
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    buffer_append_format(&header, "blob %llu", (unsigned long long)file->size_bytes);
    TRY(buffer_check(&header, err));
    TRY(content_view(&view, file, err));
    sha1->update(sha1, header.bytes, header.length + 1); // with its NUL
    sha1->update(sha1, view.bytes, view.size_bytes);
    TRY(sha1->finish(sha1, sum, err));
    memcpy(out->bytes, sum, OID_BYTES);
    return STATUS_OK;
}

static enum status put_file(struct writer *writer, const struct content_file *file, git_oid *out,
                            struct error *err)
{
    struct oid oid;
    TRY(hash_file(writer, file, &oid, err));
    store_to_git(out, &oid);
    if (git_odb_exists_ext(writer->store->odb, out, GIT_ODB_LOOKUP_NO_REFRESH))
        return STATUS_OK;
    return pending_add_file(writer->store->pending, &oid, file, err);
}

// The files [begin, end) of sorted content that share the first `skip` bytes of their paths.
struct span {
    const struct content *content;
    size_t begin;
    size_t end;
    size_t skip;
};

static void free_builder(git_treebuilder **builder)
{
    git_treebuilder_free(*builder);
}

static enum status put_span(struct writer *writer, const struct span *span, git_oid *out,
                            struct error *err);

// Adds the folder that begins at span->begin + `at`, and tells where it ends.
static enum status put_folder(struct writer *writer, const struct span *span, size_t at,
                              size_t name_bytes, git_treebuilder *builder, size_t *out_next,
                              struct error *err)
{
    const char *path = span->content->files[at].path;
    size_t prefix = span->skip + name_bytes + 1;
    size_t next = at + 1;
    while (next < span->end && strncmp(span->content->files[next].path, path, prefix) == 0)
        next++;
    git_oid id;
    struct span below = { span->content, at, next, prefix };
    TRY(put_span(writer, &below, &id, err));
    char *name OWNED(memory_release) = NULL;
    TRY(memory_copy_bytes(&name, path + span->skip, name_bytes, err));
    int code = git_treebuilder_insert(NULL, builder, name, &id, GIT_FILEMODE_TREE);
    *out_next = next;
    return code == 0 ? STATUS_OK : store_fail(err, code, "add folder", name);
}

// Depth is bounded by CONTENT_MAX_PATH_SEGMENTS, which every path was held to.
static enum status put_span(struct writer *writer, const struct span *span, git_oid *out,
                            struct error *err)
{
    git_treebuilder *builder OWNED(free_builder) = NULL;
    int code = git_treebuilder_new(&builder, writer->store->repository, NULL);
    if (code != 0)
        return store_fail(err, code, "build", "a tree");
    for (size_t at = span->begin; at < span->end;) {
        const struct content_file *file = &span->content->files[at];
        const char *name = file->path + span->skip;
        size_t name_bytes = strcspn(name, "/");
        if (name[name_bytes] == '/') {
            TRY(put_folder(writer, span, at, name_bytes, builder, &at, err));
            continue;
        }
        git_oid id;
        TRY(put_file(writer, file, &id, err));
        code = git_treebuilder_insert(NULL, builder, name, &id, GIT_FILEMODE_BLOB);
        if (code != 0)
            return store_fail(err, code, "add file", file->path);
        at++;
    }
    code = git_treebuilder_write(out, builder);
    return code == 0 ? STATUS_OK : store_fail(err, code, "build", "a tree");
}

enum status writer_put_content(struct writer *writer, const struct content *content,
                               struct oid *out_tree, struct error *err)
{
    git_oid id;
    git_odb_refresh(writer->store->odb); // once, instead of once for each file that is new
    struct span whole = { content, 0, content->count, 0 };
    TRY(put_span(writer, &whole, &id, err));
    store_from_git(out_tree, &id);
    return STATUS_OK;
}

static void free_tree(git_tree **tree)
{
    git_tree_free(*tree);
}

static enum status open_base(struct writer *writer, const struct oid *base, git_tree **out,
                             struct error *err)
{
    git_oid id;
    store_to_git(&id, base);
    if (oid_is_none(base)) {
        struct oid empty;
        TRY(put_object(writer, "", 0, GIT_OBJECT_TREE, &empty, err));
        store_to_git(&id, &empty);
    }
    int code = git_tree_lookup(out, writer->store->repository, &id);
    return code == 0 ? STATUS_OK : store_fail(err, code, "read", "the tree to change");
}

enum status writer_put_tree(struct writer *writer, const struct oid *base,
                            const struct writer_change *changes, size_t count, struct oid *out_tree,
                            struct error *err)
{
    git_tree *tree OWNED(free_tree) = NULL;
    git_tree_update *updates OWNED(memory_release) = NULL;
    TRY(open_base(writer, base, &tree, err));
    TRY(memory_new(&updates, count, sizeof(*updates), err));
    for (size_t i = 0; i < count; i++) {
        updates[i].action =
            oid_is_none(&changes[i].oid) ? GIT_TREE_UPDATE_REMOVE : GIT_TREE_UPDATE_UPSERT;
        updates[i].filemode = changes[i].is_tree ? GIT_FILEMODE_TREE : GIT_FILEMODE_BLOB;
        updates[i].path = changes[i].path;
        store_to_git(&updates[i].id, &changes[i].oid);
    }
    git_oid id;
    int code = git_tree_create_updated(&id, writer->store->repository, tree, count, updates);
    if (code != 0)
        return store_fail(err, code, "change", "a tree");
    store_from_git(out_tree, &id);
    return STATUS_OK;
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
        for (size_t i = 0; i < lengths[part] && i < IDENTITY_MAX_BYTES; i++)
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
    buffer_append_text(out, "\n");
    buffer_append_text(out, commit->message);
    return buffer_check(out, err);
}

enum status writer_tag_text(struct buffer *out, const struct writer_tag *tag, struct error *err)
{
    append_id(out, "object ", &tag->target);
    buffer_append_format(out, "type commit\ntag %s\ntagger ", tag->name);
    append_identity(out, tag->actor, tag->time);
    buffer_append_text(out, "\n");
    buffer_append_text(out, tag->message);
    return buffer_check(out, err);
}

// In a commit the signature is a header, "gpgsig", behind the others, its lines indented by one
// space after the first.
static enum status add_signature(struct buffer *out, const char *text, const char *signature,
                                 struct error *err)
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
    return buffer_check(out, err);
}

enum status writer_put_commit(struct writer *writer, const char *text, const char *signature,
                              struct oid *out, struct error *err)
{
    if (!signature)
        return put_object(writer, text, strlen(text), GIT_OBJECT_COMMIT, out, err);
    struct buffer whole OWNED(buffer_release) = { 0 };
    TRY(add_signature(&whole, text, signature, err));
    return put_object(writer, whole.bytes, whole.length, GIT_OBJECT_COMMIT, out, err);
}

enum status writer_put_tag(struct writer *writer, const char *text, const char *signature,
                           struct oid *out, struct error *err)
{
    struct buffer whole OWNED(buffer_release) = { 0 };
    buffer_append_text(&whole, text);
    buffer_append_text(&whole, signature ? signature : "");
    TRY(buffer_check(&whole, err));
    return put_object(writer, whole.bytes, whole.length, GIT_OBJECT_TAG, out, err);
}

enum status writer_flush(struct writer *writer, struct error *err)
{
    struct pending *pending = writer->store->pending;
    TRY(pack_write(writer->store, pending->objects, pending->count, err));
    pending_clear(pending);
    return STATUS_OK;
}
