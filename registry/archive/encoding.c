// Content codings of HTTP.
#include "archive/encoding.h"

#include <libdeflate.h>
#include <zstd.h>

#include "base/memory.h"

static void compressor_release(struct libdeflate_compressor **compressor)
{
    if (*compressor)
        libdeflate_free_compressor(*compressor);
}

enum status encoding_gzip(struct buffer *out, const void *bytes, size_t length, struct error *err)
{
    struct libdeflate_compressor *compressor OWNED(compressor_release) =
        libdeflate_alloc_compressor(ENCODING_GZIP_LEVEL);
    char *room OWNED(memory_release) = NULL;
    if (!compressor)
        return error_no_memory(err);
    size_t bound = libdeflate_gzip_compress_bound(compressor, length);
    TRY(memory_new(&room, 1, bound, err));
    size_t used = libdeflate_gzip_compress(compressor, bytes, length, room, bound);
    if (used == 0) // never: it was given the room that it asked for
        return error_no_memory(err);
    buffer_append(out, room, used);
    return buffer_check(out, err);
}

enum status encoding_zstd(struct buffer *out, const void *bytes, size_t length, struct error *err)
{
    char *room OWNED(memory_release) = NULL;
    size_t bound = ZSTD_compressBound(length);
    TRY(memory_new(&room, 1, bound, err));
    size_t used = ZSTD_compress(room, bound, bytes, length, ENCODING_ZSTD_LEVEL);
    if (ZSTD_isError(used)) // likewise: only memory can be short
        return error_no_memory(err);
    buffer_append(out, room, used);
    return buffer_check(out, err);
}
