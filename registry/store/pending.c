// The objects of a write in progress, as a backend of libgit2's object database.
#include "store/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PENDING_PRIORITY 1000 // before libgit2's own backends (1 and 2)

static const struct pending_object *find(const git_odb_backend *backend, const git_oid *id)
{
    struct oid oid;
    memcpy(oid.bytes, id->id, OID_BYTES);
    return pending_find((const struct pending *)backend, &oid);
}

static int backend_read(void **out_bytes, size_t *out_size, git_object_t *out_type,
                        git_odb_backend *backend, const git_oid *id)
{
    const struct pending_object *object = find(backend, id);
    if (!object || !object->bytes) // nothing that libgit2 parses is a content file
        return GIT_ENOTFOUND;
    char *copy = git_odb_backend_data_alloc(backend, object->size_bytes + 1);
    if (!copy)
        return -1;
    memcpy(copy, object->bytes, object->size_bytes);
    copy[object->size_bytes] = '\0'; // as behind what libgit2 reads itself
    *out_bytes = copy;
    *out_size = object->size_bytes;
    *out_type = object->type;
    return 0;
}

static int backend_read_header(size_t *out_size, git_object_t *out_type, git_odb_backend *backend,
                               const git_oid *id)
{
    const struct pending_object *object = find(backend, id);
    if (!object)
        return GIT_ENOTFOUND;
    *out_size = object->size_bytes;
    *out_type = object->type;
    return 0;
}

static int backend_exists(git_odb_backend *backend, const git_oid *id)
{
    return find(backend, id) != NULL;
}

// A walk over all objects is about what is stored; git_odb_foreach calls this without a NULL check.
static int backend_foreach(git_odb_backend *backend, git_odb_foreach_cb visit, void *payload)
{
    (void)backend, (void)visit, (void)payload;
    return 0;
}

static void backend_free(git_odb_backend *backend)
{
    struct pending *pending = (struct pending *)backend;
    pending_clear(pending);
    free(pending->objects);
    free(pending);
}

enum status pending_attach(struct pending **out, git_odb *odb, struct error *err)
{
    struct pending *pending = NULL;
    TRY(memory_new(&pending, 1, sizeof(*pending), err));
    git_odb_init_backend(&pending->backend, GIT_ODB_BACKEND_VERSION);
    pending->backend.read = backend_read;
    pending->backend.read_header = backend_read_header;
    pending->backend.exists = backend_exists;
    pending->backend.foreach = backend_foreach;
    pending->backend.free = backend_free;
    if (git_odb_add_backend(odb, &pending->backend, PENDING_PRIORITY) != 0) {
        free(pending);
        return error_no_memory(err);
    }
    *out = pending;
    return STATUS_OK;
}

static enum status append(struct pending *pending, const struct pending_object *object,
                          struct error *err)
{
    TRY(memory_grow(&pending->objects, pending->count, &pending->capacity,
                    sizeof(*pending->objects), err));
    TRY(oid_map_put(&pending->by_oid, &object->oid, pending->count, err));
    pending->objects[pending->count++] = *object;
    return STATUS_OK;
}

enum status pending_add_bytes(struct pending *pending, const struct oid *oid, git_object_t type,
                              struct buffer *bytes, struct error *err)
{
    struct pending_object object = { .oid = *oid, .type = type, .size_bytes = bytes->length };
    char *taken OWNED(memory_release) = buffer_detach(bytes);
    if (!taken) {
        buffer_release(bytes);
        return error_no_memory(err);
    }
    if (pending_find(pending, oid))
        return STATUS_OK;
    object.bytes = taken;
    TRY(append(pending, &object, err));
    taken = NULL;
    return STATUS_OK;
}

enum status pending_add_file(struct pending *pending, const struct oid *oid,
                             const struct content_file *file, struct error *err)
{
    struct pending_object object = {
        .oid = *oid, .type = GIT_OBJECT_BLOB, .size_bytes = file->size_bytes, .file = file
    };
    return pending_find(pending, oid) ? STATUS_OK : append(pending, &object, err);
}

const struct pending_object *pending_find(const struct pending *pending, const struct oid *oid)
{
    size_t index;
    return oid_map_get(&pending->by_oid, oid, &index) ? &pending->objects[index] : NULL;
}

void pending_note_packed(struct pending *pending, size_t count)
{
    for (size_t i = pending->packed; i < count; i++)
        pending->objects[i].file = NULL;
    pending->packed = count;
}

void pending_clear(struct pending *pending)
{
    for (size_t i = 0; i < pending->count; i++)
        free(pending->objects[i].bytes);
    pending->count = 0;
    pending->packed = 0;
    oid_map_release(&pending->by_oid);
}
