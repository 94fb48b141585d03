// The bytes of a tar archive, decompressed where need be, on their way to libarchive's tar reader.
// The decompressor is a reader of its own, because only so can all that libarchive leaves
// unchecked be held to account: how much comes out, what follows the archive's end, gzip's
// checksum.
#pragma once

#include <stdint.h>

#include "archive/archive_input.h"
#include "base/error.h"

enum archive_stream_kind { ARCHIVE_STREAM_PLAIN, ARCHIVE_STREAM_GZIP, ARCHIVE_STREAM_ZSTD };

// Must not move while a reader has it. Starts as {0}.
struct archive_stream {
    struct archive_input *input; // borrowed
    enum archive_stream_kind kind;
    struct archive_input_reader decompressor; // none for a plain one
    uint64_t limit_bytes;
    uint64_t total_bytes;
    uint64_t nonzero_end_bytes; // behind the last byte so far that is not zero
    uint32_t checksum;          // CRC-32 of all that came out of gzip (RFC 1952, section 8)
};

// STATUS_TOO_LARGE (code "archive_ratio") comes out of reading as soon as more than `limit_bytes`
// have been decompressed.
enum status archive_stream_open(struct archive_stream *out, struct archive_input *input,
                                enum archive_stream_kind kind, uint64_t limit_bytes,
                                struct error *err);
void archive_stream_close(struct archive_stream *stream); // for OWNED

// Opens a tar reader on the stream.
enum status archive_stream_attach(struct archive_stream *stream, struct archive *reader);

// Reads to the end after the tar reader said that there are no more entries; the last one's data
// ended at `entries_end_bytes`. STATUS_INVALID when the end mark (a block of zeros; POSIX pax,
// "ustar Interchange Format") is missing, when anything but zeros follows it, and when gzip's
// trailer does not match or is not the file's end.
enum status archive_stream_finish(struct archive_stream *stream, uint64_t entries_end_bytes,
                                  struct error *err);
