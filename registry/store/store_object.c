// What the files of store/ do with a single object.
#include "store/store_object.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/folder_names.h"
#include "store/store_internal.h"

#define MOST_LOOKS 5 // of which each needs a merge within some milliseconds to fail

void store_object_release(git_odb_object **object)
{
    git_odb_object_free(*object);
    *object = NULL;
}

enum status store_object_fail(struct error *err, int code, const struct oid *oid)
{
    char text[OID_TEXT_BYTES];
    oid_format(oid, text);
    store_fail(err, code, "read object", text);
    if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
        err->status = STATUS_DAMAGED;
    return err->status;
}

bool store_object_look_again(struct store *store, int code, unsigned *looks)
{
    const git_error *last = code != 0 ? git_error_last() : NULL;
    bool is_gone = last && (last->klass == GIT_ERROR_ODB || last->klass == GIT_ERROR_OS);
    return is_gone && ++*looks < MOST_LOOKS && git_odb_refresh(store->odb) == 0;
}

enum status store_object_read(struct store *store, const struct oid *oid, git_odb_object **out,
                              struct error *err)
{
    git_oid id;
    unsigned looks = 0;
    int code;
    store_to_git(&id, oid);
    do
        code = git_odb_read(out, store->odb, &id);
    while (store_object_look_again(store, code, &looks));
    return code == 0 ? STATUS_OK : store_object_fail(err, code, oid);
}

enum status store_object_read_typed(struct store *store, const struct oid *oid, git_object_t type,
                                    git_odb_object **out, struct error *err)
{
    git_odb_object *object OWNED(store_object_release) = NULL;
    TRY(store_object_read(store, oid, &object, err));
    if (git_odb_object_type(object) != type) {
        char text[OID_TEXT_BYTES];
        oid_format(oid, text);
        return error_set(err, STATUS_DAMAGED, "object_type", "object %s is a %s, not a %s", text,
                         git_object_type2string(git_odb_object_type(object)),
                         git_object_type2string(type));
    }
    *out = MOVE(object);
    return STATUS_OK;
}

// A tag begins with "object <id>".
enum status store_object_peel(struct store *store, const struct oid *oid, struct oid *out,
                              struct error *err)
{
    static const char start[] = "object ";
    const size_t start_bytes = sizeof(start) - 1;
    git_odb_object *object OWNED(store_object_release) = NULL;
    char hex[OID_TEXT_BYTES] = { 0 };
    TRY(store_object_read(store, oid, &object, err));
    const char *text = git_odb_object_data(object);
    *out = (struct oid) { 0 };
    if (git_odb_object_type(object) != GIT_OBJECT_TAG)
        return STATUS_OK;
    if (git_odb_object_size(object) < start_bytes + OID_TEXT_BYTES ||
        memcmp(text, start, start_bytes) != 0)
        return error_set(err, STATUS_DAMAGED, "tag_malformed", "a tag names no object");
    memcpy(hex, text + start_bytes, OID_TEXT_BYTES - 1);
    return oid_parse(out, hex, err);
}

enum status store_object_name(const void *bytes, size_t length, git_object_t type, struct oid *out,
                              struct error *err)
{
    git_oid id;
    if (git_odb_hash(&id, bytes, length, type) != 0) {
        const git_error *last = git_error_last();
        error_set(err, STATUS_REFUSED, "sha1_collision", "git cannot name these bytes: %s",
                  last ? last->message : "no reason given");
        return error_hint(err, "leave the file out: it is made to collide with another one");
    }
    store_from_git(out, &id);
    return STATUS_OK;
}

bool store_object_exists(struct store *store, const struct oid *oid)
{
    git_oid id;
    store_to_git(&id, oid);
    return pending_find(store->pending, oid) ||
           git_odb_exists_ext(store->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH);
}

// Loose objects stand in folders named by the first byte of their ids.
enum status store_object_any_loose(const struct store *store, bool *out, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct folder_names names OWNED(folder_names_release) = { 0 };
    *out = false;
    TRY(file_join(&path, store->path, "objects", err));
    TRY(folder_names_read(&names, path, err));
    for (size_t i = 0; i < names.count; i++)
        *out = *out || (strlen(names.items[i]) == 2 && names.items[i][0] != '.');
    return STATUS_OK;
}

static enum status add(struct store *store, git_object_t type, struct buffer *bytes, bool is_new,
                       struct oid *out, struct error *err)
{
    struct buffer taken OWNED(buffer_release) = *bytes;
    *bytes = (struct buffer) { 0 };
    struct oid oid;
    TRY(buffer_check(&taken, err));
    TRY(store_object_name(buffer_text(&taken), taken.length, type, &oid, err));
    if (is_new ? !pending_find(store->pending, &oid) : !store_object_exists(store, &oid))
        TRY(pending_add_bytes(store->pending, &oid, type, &taken, err));
    *out = oid;
    return STATUS_OK;
}

enum status store_object_add(struct store *store, git_object_t type, struct buffer *bytes,
                             struct oid *out, struct error *err)
{
    return add(store, type, bytes, false, out, err);
}

enum status store_object_add_new(struct store *store, git_object_t type, struct buffer *bytes,
                                 struct oid *out, struct error *err)
{
    return add(store, type, bytes, true, out, err);
}

size_t store_object_blob_header(char out[STORE_OBJECT_HEADER_BYTES], uint64_t size_bytes)
{
    int length =
        snprintf(out, STORE_OBJECT_HEADER_BYTES, "blob %llu", (unsigned long long)size_bytes);
    return (size_t)length + 1; // with its NUL
}
