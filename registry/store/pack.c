// Writes many objects as one pack, streamed into libgit2's indexer.
#include "store/pack.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "store/store_internal.h"

#define PACK_CHUNK_BYTES                                                                           \
    (256U << 10)     // one append to the indexer maps and unmaps its file: few, large
#define PACK_LEVEL 1 // text packs 3:1 at level 1, at a third of level 6's cost
#define PACK_SAMPLE_BYTES (1U << 20) // what is tried to see whether a large file compresses at all
#define PACK_SAMPLE_PERCENT 95       // kept uncompressed when the sample stays above this
#define PACK_HEADER_BYTES 10         // type and a 64-bit size, seven bits a byte

struct pack_stream {
    struct hash_stream *sha1; // borrowed from the store
    git_odb_writepack *indexer;
    git_indexer_progress progress;
    z_stream deflate;
    bool deflating; // whether `deflate` was set up
    bool hashing;   // whether `sha1` holds a sum that was not asked for yet
    uint8_t *chunk;
    size_t chunk_bytes;
};

static void release_stream(struct pack_stream *stream)
{
    if (stream->indexer)
        stream->indexer->free(stream->indexer);
    if (stream->deflating)
        deflateEnd(&stream->deflate);
    if (stream->hashing) { // the next pack begins with a fresh sum
        uint8_t unused[HASH_STREAM_MAX_BYTES];
        struct error ignored;
        stream->sha1->finish(stream->sha1, unused, &ignored);
    }
    free(stream->chunk);
}

static enum status flush_chunk(struct pack_stream *stream, struct error *err)
{
    stream->hashing = true;
    stream->sha1->update(stream->sha1, stream->chunk, stream->chunk_bytes);
    int code = stream->indexer->append(stream->indexer, stream->chunk, stream->chunk_bytes,
                                       &stream->progress);
    stream->chunk_bytes = 0;
    return code == 0 ? STATUS_OK : store_fail(err, code, "write", "a pack");
}

static enum status put(struct pack_stream *stream, const void *bytes, size_t length,
                       struct error *err)
{
    const uint8_t *from = bytes;
    while (length > 0) {
        size_t room = PACK_CHUNK_BYTES - stream->chunk_bytes;
        size_t step = length < room ? length : room;
        memcpy(stream->chunk + stream->chunk_bytes, from, step);
        stream->chunk_bytes += step;
        from += step;
        length -= step;
        if (stream->chunk_bytes == PACK_CHUNK_BYTES)
            TRY(flush_chunk(stream, err));
    }
    return STATUS_OK;
}

// Deflates into the chunk directly; `flush` is Z_FINISH for the last piece.
static enum status deflate_piece(struct pack_stream *stream, const uint8_t *bytes, size_t length,
                                 int flush, struct error *err)
{
    z_stream *z = &stream->deflate;
    z->next_in = (Bytef *)bytes;
    z->avail_in = (uInt)length;
    for (;;) {
        z->next_out = stream->chunk + stream->chunk_bytes;
        z->avail_out = (uInt)(PACK_CHUNK_BYTES - stream->chunk_bytes);
        int code = deflate(z, flush);
        stream->chunk_bytes = PACK_CHUNK_BYTES - z->avail_out;
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return error_set(err, STATUS_IO, "deflate", "zlib cannot compress: %d", code);
        if (stream->chunk_bytes == PACK_CHUNK_BYTES) {
            TRY(flush_chunk(stream, err));
            continue;
        }
        if (z->avail_in == 0 && (flush != Z_FINISH || code == Z_STREAM_END))
            return STATUS_OK;
    }
}

// Already compressed or encrypted files would cost deflate's time for nothing.
static int choose_level(const uint8_t *bytes, size_t length)
{
    if (length <= PACK_SAMPLE_BYTES)
        return PACK_LEVEL;
    uLongf packed = compressBound(PACK_SAMPLE_BYTES);
    uint8_t *scratch = malloc(packed);
    bool shrinks = !scratch || compress2(scratch, &packed, bytes, PACK_SAMPLE_BYTES, 1) != Z_OK ||
                   packed < PACK_SAMPLE_BYTES / 100 * PACK_SAMPLE_PERCENT;
    free(scratch);
    return shrinks ? PACK_LEVEL : Z_NO_COMPRESSION;
}

static enum status put_deflated(struct pack_stream *stream, const uint8_t *bytes, size_t length,
                                struct error *err)
{
    if (deflateReset(&stream->deflate) != Z_OK ||
        deflateParams(&stream->deflate, choose_level(bytes, length), Z_DEFAULT_STRATEGY) != Z_OK)
        return error_set(err, STATUS_IO, "deflate", "zlib cannot be set up");
    const size_t piece_bytes = 1U << 30; // zlib counts input in 32 bits
    for (; length > piece_bytes; bytes += piece_bytes, length -= piece_bytes)
        TRY(deflate_piece(stream, bytes, piece_bytes, Z_NO_FLUSH, err));
    return deflate_piece(stream, bytes, length, Z_FINISH, err);
}

// Type in bits 4-6 of the first byte, the size's low four bits in 0-3, then seven bits a byte.
static size_t entry_header(uint8_t out[PACK_HEADER_BYTES], git_object_t type, uint64_t size)
{
    size_t length = 0;
    uint8_t byte = (uint8_t)((unsigned)type << 4 | (size & 15));
    for (size >>= 4; size > 0; size >>= 7) {
        out[length++] = byte | 0x80;
        byte = size & 0x7f;
    }
    out[length++] = byte;
    return length;
}

static enum status put_object(struct pack_stream *stream, const struct pending_object *object,
                              struct error *err)
{
    uint8_t header[PACK_HEADER_BYTES];
    TRY(put(stream, header, entry_header(header, object->type, object->size_bytes), err));
    if (!object->file)
        return put_deflated(stream, object->bytes, object->size_bytes, err);
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, object->file, err));
    return put_deflated(stream, (const uint8_t *)view.bytes, view.size_bytes, err);
}

static enum status start(struct pack_stream *stream, struct store *store, size_t count,
                         struct error *err)
{
    TRY(memory_new(&stream->chunk, PACK_CHUNK_BYTES, 1, err));
    if (deflateInit(&stream->deflate, PACK_LEVEL) != Z_OK)
        return error_no_memory(err);
    stream->deflating = true;
    int code = git_odb_write_pack(&stream->indexer, store->odb, NULL, NULL);
    if (code != 0)
        return store_fail(err, code, "start", "a pack");
    uint32_t fields[2] = { htonl(2), htonl((uint32_t)count) };
    TRY(put(stream, "PACK", 4, err));
    return put(stream, fields, sizeof(fields), err);
}

// The last 20 bytes are the SHA-1 of all before them.
static enum status finish(struct pack_stream *stream, struct error *err)
{
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    TRY(flush_chunk(stream, err));
    stream->hashing = false;
    TRY(stream->sha1->finish(stream->sha1, sum, err));
    int code = stream->indexer->append(stream->indexer, sum, OID_BYTES, &stream->progress);
    if (code == 0)
        code = stream->indexer->commit(stream->indexer, &stream->progress);
    return code == 0 ? STATUS_OK : store_fail(err, code, "finish", "a pack");
}

// libgit2 names each object by its own collision-detecting SHA-1. Should it name one differently
// than we did (a crafted collision, a file that changed meanwhile), nothing may refer to it.
static enum status check_all_there(struct store *store, const struct pending_object *objects,
                                   size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        git_oid id;
        store_to_git(&id, &objects[i].oid);
        if (git_odb_exists_ext(store->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH))
            continue;
        const char *path = objects[i].file ? objects[i].file->path : "an object";
        error_set(err, STATUS_CONFLICT, "content_changed", "%s: changed while it was being stored",
                  path);
        return error_hint(err, "make sure that nothing writes to the files, then try again");
    }
    return STATUS_OK;
}

enum status pack_write(struct store *store, const struct pending_object *objects, size_t count,
                       struct error *err)
{
    if (count == 0)
        return STATUS_OK;
    struct pack_stream stream OWNED(release_stream) = { .sha1 = store->sha1 };
    TRY(start(&stream, store, count, err));
    for (size_t i = 0; i < count; i++)
        TRY(put_object(&stream, &objects[i], err));
    TRY(finish(&stream, err));
    int code = git_odb_refresh(store->odb);
    if (code != 0)
        return store_fail(err, code, "read back", "a pack");
    store->pending->hidden = true; // or they would be found there instead of in the pack
    enum status status = check_all_there(store, objects, count, err);
    store->pending->hidden = false;
    return status;
}
