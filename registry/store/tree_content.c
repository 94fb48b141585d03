// Content read out of a tree: each file a blob, read when it is looked at.
#include "store/tree_content.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/crew.h"
#include "base/memory.h"
#include "store/pack_set.h"
#include "store/store_internal.h"
#include "store/store_object.h"

#define MODE_FILE 0100644 // the only mode that the writer makes

// Most content is looked at twice, to hash it and to store it, and finding, inflating and checking
// an object costs ten times what hashing it does: so the first files stay in memory.
#define KEPT_BYTES (UINT64_C(48) << 20)
#define READ_AHEAD_BYTES                                                                           \
    (UINT64_C(1) << 20) // room that must be left to read before it is asked for

// In memory as libgit2's object, or in `together`, or not at all.
struct tree_blob {
    struct oid oid;
    uint64_t size_bytes;
    git_odb_object *kept;
    char *bytes;
    bool is_expected; // and not in memory yet
};

// A file's key is its place in `blobs`. `open` holds what is mapped now and not kept: one or two at
// a time.
struct tree_source {
    struct content_source source;
    struct store *store;
    struct tree_blob *blobs;
    size_t count;
    size_t capacity;
    uint64_t kept_bytes;
    bool reads_ahead; // a loose object's size is all but as dear as its bytes
    char *together;   // the bytes of blobs that were read at once
    git_odb_object **open;
    size_t open_count;
    size_t open_capacity;
};

static bool has_room(const struct tree_source *tree, uint64_t size_bytes)
{
    return tree->kept_bytes <= KEPT_BYTES && size_bytes <= KEPT_BYTES - tree->kept_bytes;
}

static void keep(struct tree_source *tree, struct tree_blob *blob, git_odb_object *object)
{
    blob->kept = object;
    tree->kept_bytes += git_odb_object_size(object);
}

// What a crew reads from.
struct reading {
    struct tree_source *tree;
    struct pack_set packs;
};

// A crew's job. What cannot be read is read again, and complained of, when it is mapped.
static void read_one(void *context, size_t index)
{
    const struct reading *reading = context;
    struct tree_blob *blob = &reading->tree->blobs[index];
    struct error ignored;
    if (!blob->is_expected || blob->kept)
        return;
    if (blob->bytes &&
        pack_set_read_blob(&reading->packs, &blob->oid, blob->bytes, blob->size_bytes))
        return;
    blob->bytes = NULL;
    (void)store_object_read(reading->tree->store, &blob->oid, &blob->kept, &ignored);
}

// Gives each expected blob its place in one piece of memory. Without it, libgit2 is asked for each.
static void make_places(struct tree_source *tree)
{
    uint64_t total_bytes = 0;
    struct error ignored;
    for (size_t i = 0; i < tree->count; i++)
        total_bytes += tree->blobs[i].is_expected ? tree->blobs[i].size_bytes : 0;
    if (tree->together || memory_new_large(&tree->together, total_bytes, &ignored) != STATUS_OK)
        return;
    char *place = tree->together;
    for (size_t i = 0; i < tree->count; i++)
        if (tree->blobs[i].is_expected && !tree->blobs[i].kept) {
            tree->blobs[i].bytes = place;
            place += tree->blobs[i].size_bytes;
        }
}

static void release_reading(struct reading *reading)
{
    pack_set_release(&reading->packs);
}

// Holding the bytes to their names takes longest.
static void read_expected(struct tree_source *tree)
{
    struct reading reading OWNED(release_reading) = { .tree = tree };
    struct error ignored;
    if (tree->count >= PACK_SET_MANY &&
        pack_set_open(&reading.packs, tree->store, &ignored) == STATUS_OK)
        make_places(tree);
    crew_run(tree->count, read_one, &reading);
    tree->kept_bytes = 0;
    for (size_t i = 0; i < tree->count; i++) {
        tree->blobs[i].is_expected = false;
        if (tree->blobs[i].kept || tree->blobs[i].bytes)
            tree->kept_bytes += tree->blobs[i].size_bytes;
    }
}

static void source_expect(struct content_source *source, uint64_t key)
{
    ((struct tree_source *)source)->blobs[key].is_expected = true;
}

static enum status fail_size(struct error *err)
{
    return error_set(err, STATUS_DAMAGED, "object_size", "a file's object changed its size");
}

static enum status source_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                              const void **out_bytes, struct error *err)
{
    struct tree_source *tree = (struct tree_source *)source;
    struct tree_blob *blob = &tree->blobs[key];
    if (blob->is_expected)
        read_expected(tree);
    if (blob->kept && git_odb_object_size(blob->kept) != size_bytes)
        return fail_size(err);
    if (blob->bytes || blob->kept) {
        *out_bytes = blob->bytes ? blob->bytes : git_odb_object_data(blob->kept);
        return STATUS_OK;
    }
    git_odb_object *object OWNED(store_object_release) = NULL;
    TRY(memory_grow(&tree->open, tree->open_count, &tree->open_capacity, sizeof(git_odb_object *),
                    err));
    TRY(store_object_read(tree->store, &blob->oid, &object, err));
    if (git_odb_object_size(object) != size_bytes)
        return fail_size(err);
    *out_bytes = git_odb_object_data(object);
    if (has_room(tree, size_bytes))
        keep(tree, blob, MOVE(object));
    else
        tree->open[tree->open_count++] = MOVE(object);
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
    for (size_t i = 0; i < tree->count; i++)
        git_odb_object_free(tree->blobs[i].kept);
    for (size_t i = 0; i < tree->open_count; i++)
        git_odb_object_free(tree->open[i]);
    free(tree->open);
    free(tree->together);
    free(tree->blobs);
    free(tree);
}

bool tree_content_blob(const struct content_file *file, struct oid *out)
{
    if (!file->source || file->source->map != source_map)
        return false;
    *out = ((const struct tree_source *)file->source)->blobs[file->key].oid;
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

static enum status fail_blob(const struct collect *collect, int code, struct error *err)
{
    store_fail(err, code, "read", collect->path.bytes);
    err->status = code == GIT_ENOTFOUND ? STATUS_DAMAGED : err->status;
    return err->status;
}

// What a blob's size is; with its bytes kept, where they come for little more.
static enum status measure_blob(struct collect *collect, const git_oid *id, struct tree_blob *blob,
                                struct error *err)
{
    struct tree_source *source = collect->source;
    size_t size_bytes = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    git_odb_object *object OWNED(store_object_release) = NULL;
    bool ahead = source->reads_ahead && has_room(source, READ_AHEAD_BYTES);
    unsigned looks = 0;
    int code;
    do
        code = ahead ? git_odb_read(&object, source->store->odb, id)
                     : git_odb_read_header(&size_bytes, &type, source->store->odb, id);
    while (store_object_look_again(source->store, code, &looks));
    if (code != 0)
        return fail_blob(collect, code, err);
    if ((object ? git_odb_object_type(object) : type) != GIT_OBJECT_BLOB)
        return fail_not_file(collect, err);
    blob->size_bytes = object ? git_odb_object_size(object) : size_bytes;
    if (object && has_room(source, blob->size_bytes))
        keep(source, blob, MOVE(object));
    return STATUS_OK;
}

static enum status collect_blob(struct collect *collect, const git_tree_entry *entry,
                                struct error *err)
{
    struct tree_source *source = collect->source;
    if (git_tree_entry_filemode_raw(entry) != MODE_FILE)
        return fail_not_file(collect, err);
    TRY(memory_grow(&source->blobs, source->count, &source->capacity, sizeof(*source->blobs), err));
    struct tree_blob *blob = &source->blobs[source->count++];
    *blob = (struct tree_blob) { 0 };
    store_from_git(&blob->oid, git_tree_entry_id(entry));
    TRY(measure_blob(collect, git_tree_entry_id(entry), blob, err));
    return content_add(collect->content, collect->path.bytes, blob->size_bytes, &source->source,
                       source->count - 1, err);
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
    struct store *store = collect->source->store;
    unsigned looks = 0;
    int code;
    do
        code = git_tree_lookup(&tree, store->repository, id);
    while (store_object_look_again(store, code, &looks));
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
    source->source = (struct content_source) {
        .map = source_map, .unmap = source_unmap, .free = source_free, .expect = source_expect
    };
    source->store = store;
    TRY(store_object_any_loose(store, &source->reads_ahead, err));
    struct collect collect = { .source = source, .content = out };
    TRY(content_own_source(out, &MOVE(source)->source, err));
    git_oid id;
    store_to_git(&id, tree);
    enum status status = collect_tree(&collect, &id, err);
    buffer_release(&collect.path);
    TRY(status);
    return content_seal(out, err);
}
