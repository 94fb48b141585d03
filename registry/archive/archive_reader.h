// Reads what an author hands over: a folder, a .tar.gz, .tar.zst, .tar or .zip archive, or one
// file. Within limits, without ever writing outside a spool of its own. The only door to
// libarchive, together with archive_writer.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/content.h"
#include "base/error.h"

// A reader of one path. Fills *out with sealed content of at least one file.
//
// Folder: regular files below it. Symbolic links, devices, sockets and fifos are refused by name.
// `.git` folders are refused; editor droppings are not guessed at: what is there is content. Files
// are opened when they are viewed, and one that changed meanwhile is refused then: STATUS_CONFLICT,
// code "file_changed".
// Archive (told by content, not by name): the same rules for entries, and absolute paths, "..",
// hard and symbolic links, devices, encrypted entries, duplicate entries and bad names are refused
// (STATUS_REFUSED, code "archive_entry_refused", naming the entry; folders use the same code); so
// is what grows past the limits of content.h or past ARCHIVE_MAX_RATIO (STATUS_TOO_LARGE). A
// leading
// "./" is taken off, and folders' own entries are left out. When all files stand under one top
// folder, that folder is taken off. Entries are spooled to an unlinked temporary file in $TMPDIR or
// /tmp, mapped when read. The archive must be whole: a gzip file is one member whose checksum
// holds, with nothing behind it; a tar has its end mark and only zeros behind it. Names are taken
// byte for byte: a decomposed name stays decomposed (but a zip's name that has backslashes and no
// slash gets slashes, as Windows means it, and a zip entry with a fifo's mode is a file, as
// Info-ZIP means it). A single other file: content with that one file, by its base name;
// *out_single is set.
// "-" reads an archive from standard input.
// STATUS_NOT_FOUND, STATUS_REFUSED, STATUS_TOO_LARGE, STATUS_INVALID (a truncated, unreadable or
// empty archive, an empty folder, a kind of archive that is not among these), STATUS_IO.
enum status archive_reader_path(struct content *out, bool *out_single, const char *path,
                                struct error *err);

// The same for an archive that comes from a descriptor (borrowed; a pipe is read to its end, a
// regular file from its start, its offset left alone). What is no archive is STATUS_INVALID.
enum status archive_reader_fd(struct content *out, int fd, const char *label, struct error *err);

// An archive may not unpack to more than this many times its own size once it has passed
// ARCHIVE_RATIO_FREE_BYTES; text packs at most about 30:1.
#define ARCHIVE_MAX_RATIO 200
#define ARCHIVE_RATIO_FREE_BYTES (UINT64_C(16) << 20)

// An archive's own size: what content may hold, and a quarter more for headers and padding.
#define ARCHIVE_MAX_BYTES (CONTENT_MAX_TOTAL_BYTES / 4 * 5)
