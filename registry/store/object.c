// Any object of a store, by id.
#include "store/object.h"

#include <string.h>

#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"

static const git_object_t git_types[] = {
    [OBJECT_COMMIT] = GIT_OBJECT_COMMIT,
    [OBJECT_TREE] = GIT_OBJECT_TREE,
    [OBJECT_BLOB] = GIT_OBJECT_BLOB,
    [OBJECT_TAG] = GIT_OBJECT_TAG,
};

enum status object_read_blob(struct store *store, const struct oid *oid, size_t limit_bytes,
                             struct buffer *out, struct error *err)
{
    git_odb_object *object OWNED(store_object_release) = NULL;
    TRY(store_object_read_typed(store, oid, GIT_OBJECT_BLOB, &object, err));
    if (git_odb_object_size(object) > limit_bytes) {
        char text[OID_TEXT_BYTES];
        oid_format(oid, text);
        return error_set(err, STATUS_TOO_LARGE, "object_too_large",
                         "object %s has more than the %zu bytes allowed here", text, limit_bytes);
    }
    buffer_append(out, git_odb_object_data(object), git_odb_object_size(object));
    return buffer_check(out, err);
}

void object_signed_release(struct object_signed *signed_object)
{
    buffer_release(&signed_object->payload);
    buffer_release(&signed_object->signature);
}

// A tag's signature is what follows the last line that begins one, as git has it; the payload is
// all before.
static void split_tag(const char *text, size_t length, struct object_signed *out)
{
    static const char begin[] = "-----BEGIN SSH SIGNATURE-----";
    size_t payload = length;
    for (size_t at = 0; at < length;) {
        if (length - at >= sizeof(begin) - 1 && memcmp(text + at, begin, sizeof(begin) - 1) == 0)
            payload = at;
        const char *newline = memchr(text + at, '\n', length - at);
        at = newline ? (size_t)(newline - text) + 1 : length;
    }
    buffer_append(&out->payload, text, payload);
    buffer_append(&out->signature, text + payload, length - payload);
}

// A commit's signature is its "gpgsig" header, each further line indented by a space (git's
// gitformat-signature); the payload is the commit without that header.
static void split_commit(const char *text, size_t length, struct object_signed *out)
{
    const char *end = text + length;
    bool in_signature = false;
    bool in_header = true;
    for (const char *line = text; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline ? newline + 1 : end;
        in_signature =
            in_header && ((in_signature && *line == ' ') || strncmp(line, "gpgsig ", 7) == 0);
        if (in_signature) {
            const char *from = line + (*line == ' ' ? 1 : 7);
            buffer_append(&out->signature, from, (size_t)(next - from));
        } else {
            buffer_append(&out->payload, line, (size_t)(next - line));
        }
        in_header = in_header && *line != '\n';
        line = next;
    }
}

enum status object_read_signed(struct store *store, const struct oid *oid, enum object_type type,
                               struct object_signed *out, struct error *err)
{
    git_odb_object *object OWNED(store_object_release) = NULL;
    TRY(store_object_read_typed(store, oid, git_types[type], &object, err));
    const char *text = git_odb_object_data(object); // libgit2 ends it with a NUL
    size_t length = git_odb_object_size(object);
    struct object_signed split OWNED(object_signed_release) = { 0 };
    if (type == OBJECT_TAG)
        split_tag(text, length, &split);
    else
        split_commit(text, length, &split);
    TRY(buffer_check(&split.payload, err));
    TRY(buffer_check(&split.signature, err));
    *out = split;
    split = (struct object_signed) { 0 };
    return STATUS_OK;
}

struct check_walk {
    struct store *store;
    object_damage report;
    void *context;
    struct error *err;
    enum status status;
    uint64_t count;
};

static int check_object(const git_oid *id, void *payload)
{
    struct check_walk *walk = payload;
    struct oid oid;
    store_from_git(&oid, id);
    git_odb_object *object OWNED(store_object_release) = NULL;
    struct error fault = { 0 };
    walk->count++;
    // libgit2 re-hashes each object that it reads (GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION).
    if (store_object_read(walk->store, &oid, &object, &fault) != STATUS_OK)
        walk->status = walk->report(walk->context, fault.message, walk->err);
    return walk->status == STATUS_OK ? 0 : -1;
}

enum status object_check_all(struct store *store, object_damage report, void *context,
                             uint64_t *out_count, struct error *err)
{
    struct check_walk walk = { store, report, context, err, STATUS_OK, 0 };
    int code = git_odb_foreach(store->odb, check_object, &walk);
    if (walk.status != STATUS_OK)
        return walk.status;
    if (code != 0) {
        store_fail(err, code, "walk", store->path);
        TRY(report(context, err->message, err));
    }
    *out_count = walk.count;
    return STATUS_OK;
}
