// A temporary file that has no name: where an archive is unpacked to, and kept while its content
// is in use. Nobody else can find, change or shrink it, so mapping it is safe.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "base/error.h"

// Where temporary files are made: $TMPDIR, or /tmp. Borrowed.
const char *archive_spool_folder(void);

// Opens an unlinked file in archive_spool_folder(); the caller closes it. STATUS_IO, with a hint
// about TMPDIR.
enum status archive_spool_open_file(int *out_fd, struct error *err);

// A spool of many files' bytes, one after the other; a file's key is the offset of its bytes.
struct archive_spool {
    struct content_source source; // first: the content that owns it sees only this
    int fd;
    uint64_t end_bytes; // where the next file's bytes start
    const char *bytes;  // the whole of it, mapped by archive_spool_seal
    uint64_t mapped_bytes;
};

// The spool is freed through its source, by the content that it is handed to.
enum status archive_spool_new(struct archive_spool **out, struct error *err);

// Writes at an offset from the start of the spool. What is never written reads as zeros.
enum status archive_spool_write(struct archive_spool *spool, uint64_t offset, const void *bytes,
                                size_t length, struct error *err);

// Call once, after the last write and before any file is viewed.
enum status archive_spool_seal(struct archive_spool *spool, struct error *err);
