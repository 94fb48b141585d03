// A file that ends with the SHA-1 of all its bytes.
#include "store/pack_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

#define SINK_CHUNK_BYTES (256U << 10) // few calls to write, and still in a core's second cache
#define SINK_WRITEBACK_BYTES (UINT64_C(8) << 20) // what the disk may begin on while we go on

void pack_sink_release(struct pack_sink *sink)
{
    if (sink->hashing) { // whoever hashes next begins with a fresh sum
        uint8_t unused[HASH_STREAM_MAX_BYTES];
        struct error ignored;
        sink->sha1->finish(sink->sha1, unused, &ignored);
    }
    if (sink->path)
        unlink(sink->path);
    file_close(&sink->fd);
    free(sink->path);
    free(sink->chunk);
    *sink = PACK_SINK_NONE;
}

enum status pack_sink_open(struct pack_sink *sink, struct hash_stream *sha1, const char *folder,
                           const char *name, struct error *err)
{
    struct pack_sink fresh OWNED(pack_sink_release) = PACK_SINK_NONE;
    char *path OWNED(memory_release) = NULL;
    TRY(memory_new_room(&fresh.chunk, SINK_CHUNK_BYTES,
                        err)); // most packs take a page or two of it
    TRY(file_join(&path, folder, name, err));
    if (unlink(path) != 0 && errno != ENOENT)
        return error_errno(err, "cannot remove", path);
    fresh.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0444);
    if (fresh.fd < 0)
        return error_errno(err, "cannot create", path);
    fresh.path = MOVE(path);
    fresh.sha1 = sha1;
    *sink = fresh;
    fresh = PACK_SINK_NONE;
    return STATUS_OK;
}

uint64_t pack_sink_offset(const struct pack_sink *sink)
{
    return sink->written + sink->chunk_bytes;
}

static enum status write_chunk(struct pack_sink *sink, struct error *err)
{
    TRY(file_write_all(sink->fd, sink->chunk, sink->chunk_bytes, sink->path, err));
    uint64_t begun = sink->written / SINK_WRITEBACK_BYTES;
    sink->written += sink->chunk_bytes;
    sink->chunk_bytes = 0;
    // Only a hint: what really makes it durable is pack_sink_sync.
    if (sink->written / SINK_WRITEBACK_BYTES != begun)
        sync_file_range(sink->fd, (off_t)(begun * SINK_WRITEBACK_BYTES), SINK_WRITEBACK_BYTES,
                        SYNC_FILE_RANGE_WRITE);
    return STATUS_OK;
}

static enum status flush_chunk(struct pack_sink *sink, struct error *err)
{
    sink->hashing = true;
    sink->sha1->update(sink->sha1, sink->chunk, sink->chunk_bytes);
    return write_chunk(sink, err);
}

uint8_t *pack_sink_room(struct pack_sink *sink, size_t *out_bytes)
{
    *out_bytes = SINK_CHUNK_BYTES - sink->chunk_bytes;
    return sink->chunk + sink->chunk_bytes;
}

enum status pack_sink_advance(struct pack_sink *sink, size_t used, struct error *err)
{
    sink->chunk_bytes += used;
    return sink->chunk_bytes == SINK_CHUNK_BYTES ? flush_chunk(sink, err) : STATUS_OK;
}

enum status pack_sink_put(struct pack_sink *sink, const void *bytes, size_t length,
                          struct error *err)
{
    const uint8_t *from = bytes;
    while (length > 0) {
        size_t room = 0;
        uint8_t *to = pack_sink_room(sink, &room);
        size_t step = length < room ? length : room;
        memcpy(to, from, step);
        from += step;
        length -= step;
        TRY(pack_sink_advance(sink, step, err));
    }
    return STATUS_OK;
}

enum status pack_sink_finish(struct pack_sink *sink, uint8_t out_sum[OID_BYTES], struct error *err)
{
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    TRY(flush_chunk(sink, err));
    sink->hashing = false;
    TRY(sink->sha1->finish(sink->sha1, sum, err));
    memcpy(sink->chunk, sum, OID_BYTES);
    sink->chunk_bytes = OID_BYTES;
    TRY(write_chunk(sink, err));
    memcpy(out_sum, sum, OID_BYTES);
    return STATUS_OK;
}

enum status pack_sink_sync(struct pack_sink *sink, struct error *err)
{
    return fsync(sink->fd) == 0 ? STATUS_OK : error_errno(err, "cannot sync", sink->path);
}

enum status pack_sink_rename(struct pack_sink *sink, const char *name, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    const char *slash = strrchr(sink->path, '/');
    buffer_append(&path, sink->path, (size_t)(slash - sink->path) + 1);
    buffer_append_text(&path, name);
    TRY(buffer_check(&path, err));
    if (rename(sink->path, path.bytes) != 0)
        return error_errno(err, "cannot create", path.bytes);
    free(MOVE(sink->path));
    return STATUS_OK;
}
