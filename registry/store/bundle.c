// Git bundles, written and read.
#include "store/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/store_internal.h"

static const char signature[] = "# v2 git bundle\n";

// --- writing ---

static void free_builder(git_packbuilder **builder)
{
    git_packbuilder_free(*builder);
}

static void free_walk(git_revwalk **walk)
{
    git_revwalk_free(*walk);
}

static void free_object(git_object **object)
{
    git_object_free(*object);
}

// A branch's history is walked; a tag comes with what it names.
static int add_ref(git_repository *repository, git_packbuilder *builder, git_revwalk *walk,
                   const struct oid *oid)
{
    git_oid id;
    git_object *object OWNED(free_object) = NULL;
    store_to_git(&id, oid);
    int code = git_object_lookup(&object, repository, &id, GIT_OBJECT_ANY);
    if (code == 0 && git_object_type(object) == GIT_OBJECT_TAG)
        code = git_packbuilder_insert_recur(builder, &id, NULL);
    return code == 0 ? git_revwalk_push(walk, &id) : code;
}

static enum status write_header(const struct store_ref *refs, size_t count, bundle_sink sink,
                                void *context, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_text(&text, signature);
    for (size_t i = 0; i < count; i++) {
        char oid[OID_TEXT_BYTES];
        oid_format(&refs[i].oid, oid);
        buffer_append_format(&text, "%s %s\n", oid, refs[i].ref);
    }
    buffer_append_byte(&text, '\n');
    TRY(buffer_check(&text, err));
    return sink(context, text.bytes, text.length, err);
}

struct pouring {
    bundle_sink sink;
    void *context;
    struct error *err;
    enum status status;
};

static int pour(void *bytes, size_t length, void *payload)
{
    struct pouring *pouring = payload;
    pouring->status = pouring->sink(pouring->context, bytes, length, pouring->err);
    return pouring->status == STATUS_OK ? 0 : -1;
}

enum status bundle_write(struct store *store, const struct store_ref *refs, size_t count,
                         bundle_sink sink, void *context, struct error *err)
{
    git_packbuilder *builder OWNED(free_builder) = NULL;
    git_revwalk *walk OWNED(free_walk) = NULL;
    struct pouring pouring = { sink, context, err, STATUS_OK };
    int code = git_packbuilder_new(&builder, store->repository);
    if (code == 0)
        code = git_revwalk_new(&walk, store->repository);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = add_ref(store->repository, builder, walk, &refs[i].oid);
    if (code == 0)
        code = git_packbuilder_insert_walk(builder, walk);
    if (code != 0)
        return store_fail(err, code, "bundle", store->path);
    TRY(write_header(refs, count, sink, context, err));
    code = git_packbuilder_foreach(builder, pour, &pouring);
    TRY(pouring.status);
    return code == 0 ? STATUS_OK : store_fail(err, code, "bundle", store->path);
}

// --- reading ---

// The refs of a header, as they are taken off it.
struct header {
    struct store_ref *refs;
    size_t count;
    size_t capacity;
};

static void release_header(struct header *header)
{
    for (size_t i = 0; i < header->count; i++)
        free((char *)header->refs[i].ref);
    free(header->refs);
}

static enum status damaged(struct error *err, const char *why)
{
    error_set(err, STATUS_DAMAGED, "bundle_damaged", "the git bundle is damaged: %s", why);
    return error_hint(err, "`git bundle verify` says more about it");
}

// "<id> <ref>"
static enum status add_line(struct header *header, const char *line, size_t length,
                            struct error *err)
{
    char id[OID_TEXT_BYTES] = "";
    struct store_ref ref = { 0 };
    char *name OWNED(memory_release) = NULL;
    if (length < OID_TEXT_BYTES + 1 || line[OID_TEXT_BYTES - 1] != ' ' ||
        header->count >= BUNDLE_MAX_REFS)
        return damaged(err, "a line of its header names no ref");
    memcpy(id, line, OID_TEXT_BYTES - 1);
    if (oid_parse(&ref.oid, id, err) != STATUS_OK)
        return damaged(err, "a line of its header names no object");
    TRY(memory_copy_bytes(&name, line + OID_TEXT_BYTES, length - OID_TEXT_BYTES, err));
    if (strncmp(name, "refs/", 5) != 0 || strlen(name) >= STORE_REF_BYTES)
        return damaged(err, "a line of its header names no ref");
    TRY(memory_grow(&header->refs, header->count, &header->capacity, sizeof(ref), err));
    ref.ref = MOVE(name);
    header->refs[header->count++] = ref;
    return STATUS_OK;
}

// *out_end is where the pack begins.
static enum status read_header(struct header *out, const char *bytes, size_t length,
                               size_t *out_end, struct error *err)
{
    size_t at = sizeof(signature) - 1;
    if (length < at || memcmp(bytes, signature, at) != 0)
        return damaged(err, "it does not begin like one of version 2");
    for (;;) {
        const char *newline = memchr(bytes + at, '\n', length - at);
        if (!newline)
            return damaged(err, "its header is cut short");
        size_t line_bytes = (size_t)(newline - bytes) - at;
        if (line_bytes == 0)
            break;
        if (bytes[at] == '-')
            return damaged(err, "it builds on another bundle");
        TRY(add_line(out, bytes + at, line_bytes, err));
        at += line_bytes + 1;
    }
    *out_end = at + 1;
    return STATUS_OK;
}

static void free_indexer(git_indexer **indexer)
{
    git_indexer_free(*indexer);
}

static enum status read_pack(struct store *store, const char *bytes, size_t length,
                             struct error *err)
{
    git_indexer *indexer OWNED(free_indexer) = NULL;
    git_indexer_progress progress = { 0 };
    git_indexer_options options = { .version = GIT_INDEXER_OPTIONS_VERSION, .verify = 1 };
    int code = git_indexer_new(&indexer, store->pack_folder, 0, store->odb, &options);
    if (code == 0)
        code = git_indexer_append(indexer, bytes, length, &progress);
    if (code == 0)
        code = git_indexer_commit(indexer, &progress);
    if (code == 0)
        code = git_odb_refresh(store->odb);
    if (code == 0)
        return STATUS_OK;
    store_fail(err, code, "unpack a bundle into", store->path);
    return err->status == STATUS_IO || err->status == STATUS_NO_MEMORY
               ? err->status
               : (err->status = STATUS_DAMAGED);
}

enum status bundle_read(struct store *store, const void *bytes, size_t length, struct error *err)
{
    struct header header OWNED(release_header) = { 0 };
    size_t pack = 0;
    TRY(read_header(&header, bytes, length, &pack, err));
    TRY(read_pack(store, (const char *)bytes + pack, length - pack, err));
    for (size_t i = 0; i < header.count; i++) {
        git_oid id;
        store_to_git(&id, &header.refs[i].oid);
        if (!git_odb_exists(store->odb, &id))
            return damaged(err, "a ref names an object that is not in it");
    }
    return store_ref_create(store, header.refs, header.count, err);
}
