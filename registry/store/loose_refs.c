// Loose refs.
#include "store/loose_refs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define LOOSE_MAX_BYTES 1024 // an id and a line feed; a symbolic ref is a name
#define LOOSE_MAX_DEPTH 32   // "refs/tags/release/knowledge", four segments of a name, a version

void loose_refs_release(struct loose_refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        free(refs->items[i].name);
    free(refs->items);
    *refs = (struct loose_refs) { 0 };
}

static bool is_id_and_newline(const struct buffer *text)
{
    return text->length == OID_TEXT_BYTES - 1 ||
           (text->length == OID_TEXT_BYTES && text->bytes[OID_TEXT_BYTES - 1] == '\n');
}

enum status loose_refs_find(const char *folder, const char *name, struct oid *out,
                            struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(file_join(&path, folder, name, err));
    enum status status = file_read(&text, path, LOOSE_MAX_BYTES, err);
    if (status == STATUS_NOT_FOUND || status == STATUS_INVALID) { // STATUS_INVALID: a folder
        *out = (struct oid) { 0 };
        return STATUS_OK;
    }
    TRY(status);
    bool fits = is_id_and_newline(&text);
    buffer_truncate(&text, fits ? OID_TEXT_BYTES - 1 : text.length);
    if (fits && oid_parse(out, buffer_text(&text), err) == STATUS_OK)
        return STATUS_OK;
    error_set(err, STATUS_DAMAGED, "ref_malformed", "%s: the file holds no object id", path);
    return error_hint(err, "restore the store from a backup or replica");
}

static bool is_lock(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".lock") == 0;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static enum status read_folder(struct loose_refs *out, const char *folder, struct buffer *name,
                               int depth, struct error *err);

static enum status add_ref(struct loose_refs *out, const char *folder, const struct buffer *name,
                           struct error *err)
{
    TRY(memory_grow(&out->items, out->count, &out->capacity, sizeof(*out->items), err));
    struct loose_ref *ref = &out->items[out->count];
    TRY(loose_refs_find(folder, name->bytes, &ref->oid, err));
    if (oid_is_none(&ref->oid)) // somebody packed it meanwhile
        return STATUS_OK;
    TRY(memory_copy_string(&ref->name, name->bytes, err));
    out->count++;
    return STATUS_OK;
}

static enum status read_entry(struct loose_refs *out, const char *folder, struct buffer *name,
                              const struct dirent *entry, int depth, struct error *err)
{
    size_t length = name->length;
    if (entry->d_name[0] == '.' || is_lock(entry->d_name))
        return STATUS_OK;
    buffer_append_byte(name, '/');
    buffer_append_text(name, entry->d_name);
    TRY(buffer_check(name, err));
    bool is_folder = entry->d_type == DT_DIR;
    if (entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK) {
        char *path OWNED(memory_release) = NULL;
        TRY(file_join(&path, folder, name->bytes, err));
        is_folder = file_is_folder(path);
    }
    TRY(is_folder ? read_folder(out, folder, name, depth + 1, err)
                  : add_ref(out, folder, name, err));
    buffer_truncate(name, length);
    return STATUS_OK;
}

static enum status read_folder(struct loose_refs *out, const char *folder, struct buffer *name,
                               int depth, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    TRY(file_join(&path, folder, name->bytes, err));
    if (depth > LOOSE_MAX_DEPTH)
        return error_set(err, STATUS_DAMAGED, "refs_too_deep", "%s: too many folders", path);
    DIR *entries OWNED(close_folder) = opendir(path);
    if (!entries && (errno == ENOENT || errno == ENOTDIR))
        return STATUS_OK;
    if (!entries)
        return error_errno(err, "cannot read", path);
    errno = 0;
    for (struct dirent *entry; (entry = readdir(entries)); errno = 0)
        TRY(read_entry(out, folder, name, entry, depth, err));
    return errno == 0 ? STATUS_OK : error_errno(err, "cannot read", path);
}

static int compare_to_name(const void *name, const void *ref)
{
    return strcmp(name, ((const struct loose_ref *)ref)->name);
}

bool loose_refs_has(const struct loose_refs *refs, const char *name)
{
    return refs->count > 0 &&
           bsearch(name, refs->items, refs->count, sizeof(*refs->items), compare_to_name) != NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct loose_ref *)a)->name, ((const struct loose_ref *)b)->name);
}

enum status loose_refs_read(struct loose_refs *out, const char *folder, const char *below,
                            struct error *err)
{
    struct loose_refs refs OWNED(loose_refs_release) = { 0 };
    struct buffer name OWNED(buffer_release) = { 0 };
    buffer_append_text(&name, below);
    TRY(buffer_check(&name, err));
    TRY(read_folder(&refs, folder, &name, 0, err));
    if (refs.count > 0)
        qsort(refs.items, refs.count, sizeof(*refs.items), compare_names);
    *out = refs;
    refs = (struct loose_refs) { 0 };
    return STATUS_OK;
}
