// Writes many objects as one pack.
#include "store/pack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"
#include "store/tree_content.h"

#define DEFLATE_LEVEL 1         // text packs 3:1 at level 1, at a third of level 6's cost
#define STAGE_BYTES (64U << 10) // copied here first, so that what is hashed is what is packed

// Making the tables of a code takes longer than all the rest for objects of some hundred bytes: a
// commit, the record of a draft, most manifests. They would lose a third of their size.
#define STORED_OBJECT_BYTES 512

// zlib clears its tables anew for each object: 64 KiB, for objects of some hundred bytes. A write
// with less than this in all gets tables of its own size.
#define SMALL_WRITE_BYTES (16U << 10)
#define SMALL_WINDOW_BITS 13
#define SMALL_MEMORY_LEVEL 5
#define LARGE_WINDOW_BITS 15
#define LARGE_MEMORY_LEVEL 8

struct pack_writer {
    struct store *store;
    struct pack_file file;
    z_stream deflate;
    bool deflating; // whether `deflate` was set up
    bool hashing;   // whether the store's object_sha1 holds a sum that was not asked for yet
    uint8_t *stage;
};

static void release_writer(struct pack_writer *writer)
{
    if (writer->deflating)
        deflateEnd(&writer->deflate);
    if (writer->hashing) { // the next object begins with a fresh sum
        uint8_t unused[HASH_STREAM_MAX_BYTES];
        struct error ignored;
        writer->store->object_sha1->finish(writer->store->object_sha1, unused, &ignored);
    }
    pack_file_release(&writer->file);
    free(writer->stage);
}

// Deflates into the pack's own buffer; `flush` is Z_FINISH for the last piece.
static enum status deflate_piece(struct pack_writer *writer, const void *bytes, size_t length,
                                 int flush, struct error *err)
{
    z_stream *z = &writer->deflate;
    z->next_in = (Bytef *)(uintptr_t)bytes;
    z->avail_in = (uInt)length;
    for (;;) {
        size_t room = 0;
        z->next_out = pack_file_room(&writer->file, &room);
        z->avail_out = (uInt)room;
        int code = deflate(z, flush);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return error_set(err, STATUS_IO, "deflate", "zlib cannot compress: %d", code);
        bool is_full = z->avail_out == 0;
        TRY(pack_file_advance(&writer->file, room - z->avail_out, err));
        if (code == Z_STREAM_END || (!is_full && flush != Z_FINISH))
            return STATUS_OK;
    }
}

// The next piece of an object's bytes. A file's are copied first and hashed as copied: somebody may
// be writing to it right now.
static const uint8_t *stage(struct pack_writer *writer, const uint8_t *bytes, size_t length)
{
    if (!writer->hashing)
        return bytes;
    memcpy(writer->stage, bytes, length);
    writer->store->object_sha1->update(writer->store->object_sha1, writer->stage, length);
    return writer->stage;
}

static enum status put_deflated(struct pack_writer *writer, const uint8_t *bytes, size_t length,
                                struct error *err)
{
    if (deflateReset(&writer->deflate) != Z_OK)
        return error_set(err, STATUS_IO, "deflate", "zlib cannot be set up");
    for (; length > STAGE_BYTES; bytes += STAGE_BYTES, length -= STAGE_BYTES)
        TRY(deflate_piece(writer, stage(writer, bytes, STAGE_BYTES), STAGE_BYTES, Z_NO_FLUSH, err));
    return deflate_piece(writer, stage(writer, bytes, length), length, Z_FINISH, err);
}

static enum status put_stored(struct pack_writer *writer, const uint8_t *bytes, size_t length,
                              struct error *err)
{
    TRY(pack_file_begin_stored(&writer->file, err));
    for (; length > PACK_BLOCK_BYTES; bytes += PACK_BLOCK_BYTES, length -= PACK_BLOCK_BYTES)
        TRY(pack_file_put_block(&writer->file, stage(writer, bytes, PACK_BLOCK_BYTES),
                                PACK_BLOCK_BYTES, false, err));
    return pack_file_put_block(&writer->file, stage(writer, bytes, length), length, true, err);
}

static enum status put_bytes(struct pack_writer *writer, const struct pending_object *object,
                             const void *bytes, size_t length, struct error *err)
{
    // Ids are two thirds of a tree, and they do not compress.
    return writer->deflating && object->type != GIT_OBJECT_TREE && length >= STORED_OBJECT_BYTES
               ? put_deflated(writer, bytes, length, err)
               : put_stored(writer, bytes, length, err);
}

static enum status fail_changed(const char *path, struct error *err)
{
    error_set(err, STATUS_CONFLICT, "content_changed", "%.300s: changed while it was being stored",
              path);
    return error_hint(err, "make sure that nothing writes to the files, then try again");
}

// Somebody may have changed a file since it got its name, so it is hashed once more. Not so a blob:
// libgit2 has held it to its name when it was read, and it is in memory since.
static enum status put_file(struct pack_writer *writer, const struct pending_object *object,
                            struct error *err)
{
    struct hash_stream *sha1 = writer->store->object_sha1;
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    char header[STORE_OBJECT_HEADER_BYTES];
    struct content_view view OWNED(content_view_release) = { 0 };
    struct oid unused;
    TRY(content_view(&view, object->file, err));
    if (tree_content_blob(object->file, &unused))
        return put_bytes(writer, object, view.bytes, view.size_bytes, err);
    writer->hashing = true;
    sha1->update(sha1, header, store_object_blob_header(header, view.size_bytes));
    TRY(put_bytes(writer, object, view.bytes, view.size_bytes, err));
    writer->hashing = false;
    TRY(sha1->finish(sha1, sum, err));
    return memcmp(sum, object->oid.bytes, OID_BYTES) == 0 ? STATUS_OK
                                                          : fail_changed(object->file->path, err);
}

static enum status put_object(struct pack_writer *writer, const struct pending_object *object,
                              struct error *err)
{
    TRY(pack_file_begin_object(&writer->file, &object->oid, err));
    TRY(pack_file_put_header(&writer->file, (enum pack_entry_type)object->type, object->size_bytes,
                             err));
    if (object->file)
        return put_file(writer, object, err);
    return put_bytes(writer, object, object->bytes, object->size_bytes, err);
}

static enum status start_deflating(struct pack_writer *writer, uint64_t total_bytes,
                                   struct error *err)
{
    bool is_small = total_bytes < SMALL_WRITE_BYTES;
    if (deflateInit2(&writer->deflate, DEFLATE_LEVEL, Z_DEFLATED,
                     is_small ? SMALL_WINDOW_BITS : LARGE_WINDOW_BITS,
                     is_small ? SMALL_MEMORY_LEVEL : LARGE_MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return error_no_memory(err);
    writer->deflating = true;
    return STATUS_OK;
}

static enum status start(struct pack_writer *writer, const struct pending_object *objects,
                         size_t count, struct error *err)
{
    uint64_t total_bytes = 0;
    for (size_t i = 0; i < count; i++)
        total_bytes += objects[i].size_bytes;
    TRY(memory_new_room(&writer->stage, STAGE_BYTES, err));
    if (total_bytes <= PACK_DEFLATE_MAX_BYTES)
        TRY(start_deflating(writer, total_bytes, err));
    return pack_file_begin(&writer->file, writer->store, count, err);
}

enum status pack_make(struct pack_file *out, struct store *store,
                      const struct pending_object *objects, size_t count, const atomic_bool *stop,
                      struct error *err)
{
    struct pack_writer writer OWNED(release_writer) = { .store = store, .file = PACK_FILE_NONE };
    TRY(start(&writer, objects, count, err));
    for (size_t i = 0; i < count; i++) {
        if (stop && atomic_load_explicit(stop, memory_order_relaxed))
            return error_set(err, STATUS_CONFLICT, "given_up", "the write was given up");
        TRY(put_object(&writer, &objects[i], err));
    }
    TRY(pack_file_seal(&writer.file, err));
    *out = writer.file;
    writer.file = PACK_FILE_NONE;
    return STATUS_OK;
}

enum status pack_write(struct store *store, const struct pending_object *objects, size_t count,
                       struct error *err)
{
    struct pack_file file OWNED(pack_file_release) = PACK_FILE_NONE;
    if (count == 0)
        return STATUS_OK;
    TRY(pack_make(&file, store, objects, count, NULL, err));
    return pack_file_show(&file, err);
}
