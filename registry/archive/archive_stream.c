// The bytes of a tar archive on their way to libarchive's tar reader.
#include "archive/archive_stream.h"

#include <errno.h>
#include <libdeflate.h>
#include <unistd.h>

#include "archive/archive_rule.h"
#include "base/memory.h"

#define TAR_BLOCK_BYTES 512
#define GZIP_TRAILER_BYTES 8 // CRC-32 and length, little-endian

void archive_stream_close(struct archive_stream *stream)
{
    archive_input_close_reader(&stream->decompressor);
}

// One filter and no format within: an archive packed twice is not unpacked twice. Both are set, not
// offered: libarchive would look for the one that fits, and forget why none did.
static enum status open_decompressor(struct archive_stream *stream, int filter, struct error *err)
{
    const struct archive_library *library = &stream->input->library;
    TRY(archive_input_new_reader(&stream->decompressor, stream->input, err));
    struct archive *reader = stream->decompressor.archive;
    if (library->archive_read_append_filter(reader, filter) != ARCHIVE_OK ||
        library->archive_read_set_format(reader, ARCHIVE_FORMAT_RAW) != ARCHIVE_OK)
        return archive_input_failed(stream->input, reader, NULL, err);
    stream->input->guard = ARCHIVE_INPUT_SWALLOWED;
    TRY(archive_input_attach(stream->input, reader));
    struct archive_entry *whole = NULL;
    if (library->archive_read_next_header(reader, &whole) != ARCHIVE_OK)
        return archive_input_failed(stream->input, reader, NULL, err);
    return STATUS_OK;
}

enum status archive_stream_open(struct archive_stream *out, struct archive_input *input,
                                enum archive_stream_kind kind, uint64_t limit_bytes,
                                struct error *err)
{
    static const int filters[] = {
        [ARCHIVE_STREAM_PLAIN] = ARCHIVE_FILTER_NONE,
        [ARCHIVE_STREAM_GZIP] = ARCHIVE_FILTER_GZIP,
        [ARCHIVE_STREAM_ZSTD] = ARCHIVE_FILTER_ZSTD,
    };
    out->input = input;
    out->kind = kind;
    out->limit_bytes = limit_bytes;
    if (filters[kind] == ARCHIVE_FILTER_NONE)
        return STATUS_OK;
    return open_decompressor(out, filters[kind], err);
}

static enum status decompress(struct archive_stream *stream, const void **block, size_t *length)
{
    struct archive_input *input = stream->input;
    la_int64_t offset = 0;
    struct archive *reader = stream->decompressor.archive;
    int result = input->library.archive_read_data_block(reader, block, length, &offset);
    // The gzip reader takes an input that fails before a header for the end.
    if (input->status != STATUS_OK)
        return input->status;
    if (result == ARCHIVE_EOF)
        *length = 0;
    else if (result != ARCHIVE_OK)
        return archive_input_failed(input, reader, NULL, input->err);
    if (*length == 0)
        return STATUS_OK;
    input->swallowed_bytes = 0;
    if (*length > stream->limit_bytes - stream->total_bytes)
        return archive_rule_refuse_ratio(input->label, NULL, input->err);
    if (stream->kind == ARCHIVE_STREAM_GZIP)
        stream->checksum = libdeflate_crc32(stream->checksum, *block, *length);
    return STATUS_OK;
}

static void note_block(struct archive_stream *stream, const char *bytes, size_t length)
{
    size_t end = length;
    while (end > 0 && bytes[end - 1] == 0)
        end--;
    if (end > 0)
        stream->nonzero_end_bytes = stream->total_bytes + end;
    stream->total_bytes += length;
}

// The next block of the tar archive; 0 bytes at its end.
static enum status next_block(struct archive_stream *stream, const void **block, size_t *length)
{
    *length = 0;
    TRY(stream->decompressor.archive ? decompress(stream, block, length)
                                     : archive_input_read(stream->input, block, length));
    note_block(stream, *block, *length);
    return STATUS_OK;
}

static la_ssize_t stream_read(struct archive *reader, void *context, const void **block)
{
    struct archive_stream *stream = context;
    size_t length = 0;
    stream->input->status = next_block(stream, block, &length);
    if (stream->input->status == STATUS_OK)
        stream->input->status = archive_input_feed(stream->input, length);
    if (stream->input->status == STATUS_OK)
        return (la_ssize_t)length;
    stream->input->library.archive_set_error(reader, EIO, "%s", "the input failed");
    return -1;
}

enum status archive_stream_attach(struct archive_stream *stream, struct archive *reader)
{
    if (stream->input->library.archive_read_open(reader, stream, NULL, stream_read, NULL) !=
        ARCHIVE_OK)
        return archive_input_failed(stream->input, reader, NULL, stream->input->err);
    return STATUS_OK;
}

static enum status refuse_end(const struct archive_stream *stream, const char *fault,
                              struct error *err)
{
    error_set(err, STATUS_INVALID, "archive_unreadable", "%s: %s", stream->input->label, fault);
    return error_hint(err, "pack or copy the archive again");
}

static uint32_t little_endian(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

// gzip(1) ignores what follows the last member and joins members; here a file is one member and
// nothing else, for only that can be checked from end to end.
static enum status check_gzip_trailer(const struct archive_stream *stream, struct error *err)
{
    const struct archive_input *input = stream->input;
    uint8_t trailer[GZIP_TRAILER_BYTES];
    if (pread(input->fd, trailer, sizeof(trailer), (off_t)(input->size_bytes - sizeof(trailer))) !=
        (ssize_t)sizeof(trailer))
        return refuse_end(stream, "cut off in the midst of gzip's trailer", err);
    if (little_endian(trailer) != stream->checksum ||
        little_endian(trailer + 4) != (uint32_t)stream->total_bytes)
        return refuse_end(stream,
                          "gzip's checksum does not match: damaged, or not the only thing "
                          "in its file",
                          err);
    return STATUS_OK;
}

enum status archive_stream_finish(struct archive_stream *stream, uint64_t entries_end_bytes,
                                  struct error *err)
{
    const void *block = NULL;
    size_t length = 0;
    do
        TRY(next_block(stream, &block, &length));
    while (length > 0);
    if (stream->nonzero_end_bytes > entries_end_bytes)
        return refuse_end(stream, "something other than zeros follows the archive's end", err);
    if (stream->total_bytes < entries_end_bytes + TAR_BLOCK_BYTES)
        return refuse_end(stream, "cut off: it has no end mark", err);
    if (stream->kind == ARCHIVE_STREAM_GZIP)
        return check_gzip_trailer(stream, err);
    return STATUS_OK;
}
