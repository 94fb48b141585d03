// Writes content as a folder or as a deterministic archive: same content, same bytes.
#pragma once

#include "artifact/content.h"
#include "base/error.h"

enum archive_format { ARCHIVE_TAR_GZ, ARCHIVE_TAR_ZST, ARCHIVE_ZIP, ARCHIVE_TAR };

// By the ending of a name (.tar.gz, .tgz, .tar.zst, .zip, .tar; in any letter case). STATUS_INVALID
// for others.
enum status archive_writer_format_of(enum archive_format *out, const char *name, struct error *err);

// Writes sealed content to a descriptor: entries in path order, mode 0644, owner 0, time 0 (zip:
// 1980-01-01), no extra fields that vary. Memory holds one file's pages at a time, and for a zip
// its directory (about 200 bytes a file). The bytes depend on nothing but the content and the
// versions of the compression libraries.
enum status archive_writer_fd(int fd, enum archive_format format, const struct content *content,
                              const char *label, struct error *err);

// Writes an archive by name (file_replace), to standard output for "-" (as .tar.gz), or as a new
// folder when the name has no archive's ending: that one is renamed when complete, too, but not
// synced.
// STATUS_CONFLICT when the folder exists and is not empty; nothing is overwritten in a folder, and
// after a failure nothing of it is left. STATUS_INVALID for the ending of an archive that is not
// written here (.tar.xz, .7z ...).
enum status archive_writer_path(const char *path, const struct content *content, struct error *err);
