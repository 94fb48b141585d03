// Content read out of a tree: each file a blob, read when it is looked at.
#include "store/tree_content.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"

#define MODE_FILE 0100644 // the only mode that the writer makes

// A file's key is its place in `blobs`. `open` holds what is mapped now: one or two at a time.
struct tree_source {
    struct content_source source;
    struct store *store;
    struct oid *blobs;
    size_t count;
    size_t capacity;
    git_odb_object **open;
    size_t open_count;
    size_t open_capacity;
};

static enum status source_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                              const void **out_bytes, struct error *err)
{
    struct tree_source *tree = (struct tree_source *)source;
    TRY(memory_grow(&tree->open, tree->open_count, &tree->open_capacity, sizeof(git_odb_object *),
                    err));
    git_odb_object *object = NULL;
    TRY(store_object_read(tree->store, &tree->blobs[key], &object, err));
    if (git_odb_object_size(object) != size_bytes) {
        git_odb_object_free(object);
        return error_set(err, STATUS_DAMAGED, "object_size", "a file's object changed its size");
    }
    tree->open[tree->open_count++] = object;
    *out_bytes = git_odb_object_data(object);
    return STATUS_OK;
}

static void source_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)size_bytes;
    struct tree_source *tree = (struct tree_source *)source;
    for (size_t i = 0; i < tree->open_count; i++)
        if (git_odb_object_data(tree->open[i]) == bytes) {
            git_odb_object_free(tree->open[i]);
            tree->open[i] = tree->open[--tree->open_count];
            return;
        }
}

static void source_free(struct content_source *source)
{
    struct tree_source *tree = (struct tree_source *)source;
    for (size_t i = 0; i < tree->open_count; i++)
        git_odb_object_free(tree->open[i]);
    free(tree->open);
    free(tree->blobs);
    free(tree);
}

bool tree_content_blob(const struct content_file *file, struct oid *out)
{
    if (!file->source || file->source->map != source_map)
        return false;
    *out = ((const struct tree_source *)file->source)->blobs[file->key];
    return true;
}

struct collect {
    struct tree_source *source;
    struct content *content;
    struct buffer path;
    int depth;
};

static enum status collect_tree(struct collect *collect, const git_oid *id, struct error *err);

static enum status fail_not_file(const struct collect *collect, struct error *err)
{
    return error_set(err, STATUS_DAMAGED, "tree_malformed", "%s is not a regular file",
                     collect->path.bytes);
}

static enum status collect_blob(struct collect *collect, const git_tree_entry *entry,
                                struct error *err)
{
    struct tree_source *source = collect->source;
    size_t size_bytes = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_tree_entry_filemode_raw(entry) != MODE_FILE)
        return fail_not_file(collect, err);
    int code =
        git_odb_read_header(&size_bytes, &type, source->store->odb, git_tree_entry_id(entry));
    if (code != 0) {
        store_fail(err, code, "read", collect->path.bytes);
        err->status = code == GIT_ENOTFOUND ? STATUS_DAMAGED : err->status;
        return err->status;
    }
    if (type != GIT_OBJECT_BLOB)
        return fail_not_file(collect, err);
    TRY(memory_grow(&source->blobs, source->count, &source->capacity, sizeof(struct oid), err));
    store_from_git(&source->blobs[source->count], git_tree_entry_id(entry));
    TRY(content_add(collect->content, collect->path.bytes, size_bytes, &source->source,
                    source->count, err));
    source->count++;
    return STATUS_OK;
}

static enum status collect_entry(struct collect *collect, const git_tree_entry *entry,
                                 struct error *err)
{
    size_t length = collect->path.length;
    if (length > 0)
        buffer_append_byte(&collect->path, '/');
    buffer_append_text(&collect->path, git_tree_entry_name(entry));
    TRY(buffer_check(&collect->path, err));
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        TRY(collect_tree(collect, git_tree_entry_id(entry), err));
    else
        TRY(collect_blob(collect, entry, err));
    buffer_truncate(&collect->path, length);
    return STATUS_OK;
}

static enum status collect_tree(struct collect *collect, const git_oid *id, struct error *err)
{
    if (++collect->depth > CONTENT_MAX_PATH_SEGMENTS)
        return error_set(err, STATUS_DAMAGED, "tree_too_deep", "%s: folders too deep",
                         buffer_text(&collect->path));
    git_tree *tree = NULL;
    git_repository *repository = collect->source->store->repository;
    int code = git_tree_lookup(&tree, repository, id);
    if (code != 0) {
        store_fail(err, code, "read tree of", buffer_text(&collect->path));
        err->status = STATUS_DAMAGED;
        return err->status;
    }
    enum status status = STATUS_OK;
    size_t count = git_tree_entrycount(tree);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = collect_entry(collect, git_tree_entry_byindex(tree, i), err);
    git_tree_free(tree);
    collect->depth--;
    return status;
}

enum status tree_content_read(struct store *store, const struct oid *tree, struct content *out,
                              struct error *err)
{
    struct tree_source *source OWNED(memory_release) = NULL;
    TRY(memory_new(&source, 1, sizeof(*source), err));
    source->source = (struct content_source) { source_map, source_unmap, source_free };
    source->store = store;
    struct collect collect = { .source = source, .content = out };
    TRY(content_own_source(out, &MOVE(source)->source, err));
    git_oid id;
    store_to_git(&id, tree);
    enum status status = collect_tree(&collect, &id, err);
    buffer_release(&collect.path);
    TRY(status);
    return content_seal(out, err);
}
