// Feeds an archive file to libarchive, and keeps watch over what libarchive would have to hold in
// memory because of it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "archive/archive_library.h"
#include "base/error.h"

// What a decompressor, or the tar reader, may swallow without giving anything back: a gzip header's
// name and comment have no end of their own, a sparse file's map may be as long as its data, and
// libarchive holds all of it in memory, a map as eighteen times its bytes. Real ones are some
// kilobytes; a single pax header is held to a megabyte by libarchive itself.
#define ARCHIVE_INPUT_MAX_SWALLOWED_BYTES (UINT64_C(1) << 20)

// Entries of any kind, folders among them: twice the files that content may have.
#define ARCHIVE_INPUT_MAX_ENTRIES 200000

enum archive_input_guard {
    ARCHIVE_INPUT_FREE,      // what stands behind it keeps watch itself
    ARCHIVE_INPUT_SWALLOWED, // gzip, zstd: see ARCHIVE_INPUT_MAX_SWALLOWED_BYTES
    ARCHIVE_INPUT_DIRECTORY, // zip, until its first entry is out: the central directory is held in
                             // memory, so its entries are counted as they are read
};

// Must not move while libarchive has it. Reads by offset: the descriptor's own is left alone.
struct archive_input {
    struct archive_library library;
    int fd; // borrowed; a regular file
    const char *label;
    uint64_t size_bytes;
    uint64_t position_bytes;
    char *block;
    enum archive_input_guard guard;
    uint64_t swallowed_bytes; // by the decompressor, since it last gave something back
    uint64_t unclaimed_bytes; // by the tar reader, since it last gave an entry or data
    size_t directory_entries;
    // The first failure of the input or of what stands between it and the entries. libarchive can
    // only be told that there was one.
    enum status status;
    struct error *err;
};

enum status archive_input_open(struct archive_input *out, int fd, uint64_t size_bytes,
                               const char *label, struct error *err);
void archive_input_close(struct archive_input *input); // for OWNED

// The next block, borrowed until the next call; 0 bytes at the end. Its failures are said in
// input->err.
enum status archive_input_read(struct archive_input *input, const void **block, size_t *length);

// Counts what the tar reader is about to be fed; STATUS_INVALID over the limit.
enum status archive_input_feed(struct archive_input *input, size_t length);

// An entry is out: what was held in memory for it is let go.
void archive_input_note_entry(struct archive_input *input);

// One of libarchive's readers, with the input that it ends in. Starts as {0}.
struct archive_input_reader {
    struct archive *archive;
    const struct archive_library *library; // borrowed from the input
};
void archive_input_close_reader(struct archive_input_reader *reader); // for OWNED

// A new reader that takes names as they are.
enum status archive_input_new_reader(struct archive_input_reader *out,
                                     const struct archive_input *input, struct error *err);

// Opens a reader, whose format and filter are set, on the input.
enum status archive_input_attach(struct archive_input *input, struct archive *reader);

// What went wrong: the input's own failure, or STATUS_INVALID (code "archive_unreadable") with what
// libarchive says. `entry` may be NULL.
enum status archive_input_failed(const struct archive_input *input, struct archive *reader,
                                 const char *entry, struct error *err);
