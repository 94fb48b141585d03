// Reads what an author hands over: a folder, a .tar.gz, .tar.zst or .zip archive, or one file.
// Within limits, without ever writing outside a spool of its own. The only door to libarchive,
// together with archive_writer.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "base/error.h"

// A reader of one path. Fills *out with sealed content.
//
// Folder: regular files below it. Symbolic links, devices, sockets and fifos are refused by name.
// `.git` folders are refused; editor droppings are not guessed at: what is there is content.
// Archive (told by content, not by name): the same rules for entries, and absolute paths, "..",
// hard and symbolic links, devices, encrypted entries, duplicate entries and bad names are refused
// (STATUS_REFUSED, code "archive_entry_refused", naming the entry); so is what grows past the
// limits of content.h or past ARCHIVE_MAX_RATIO. When all entries stand under one top folder and
// none is an artifact.json at the root, that folder is taken off. Entries are spooled to an
// unlinked temporary file, mapped when read.
// A single other file: content with that one file, by its base name; *out_single is set.
// "-" reads an archive from standard input.
// STATUS_NOT_FOUND, STATUS_REFUSED, STATUS_TOO_LARGE, STATUS_INVALID (a truncated or unreadable
// archive), STATUS_IO.
enum status archive_read_path(struct content *out, bool *out_single, const char *path,
                              struct error *err);

// The same for an archive that comes from a descriptor (borrowed; read to its end).
enum status archive_read_fd(struct content *out, int fd, const char *label, struct error *err);

// An archive may not unpack to more than this many times its own size once it has passed
// ARCHIVE_RATIO_FREE_BYTES; text packs at most about 30:1.
#define ARCHIVE_MAX_RATIO 200
#define ARCHIVE_RATIO_FREE_BYTES (UINT64_C(16) << 20)
