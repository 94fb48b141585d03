// Tells by its first bytes whether a file is an archive, and which.
#pragma once

#include <stddef.h>

#include "base/error.h"

#define ARCHIVE_SNIFF_BYTES 512 // a tar header

enum archive_sniff_kind {
    ARCHIVE_SNIFF_OTHER, // not an archive
    ARCHIVE_SNIFF_TAR,
    ARCHIVE_SNIFF_GZIP,
    ARCHIVE_SNIFF_ZSTD,
    ARCHIVE_SNIFF_ZIP,
    ARCHIVE_SNIFF_EMPTY_ZIP, // without any entry
};

// `bytes` are the file's first ARCHIVE_SNIFF_BYTES, fewer if it has no more. STATUS_INVALID, naming
// the kind, for an archive of a kind that is not read here (xz, bzip2, 7z, rar ...).
enum status archive_sniff(enum archive_sniff_kind *out, const char *bytes, size_t length,
                          const char *label, struct error *err);

// The same where it must be an archive: STATUS_INVALID for what is none.
enum status archive_sniff_archive(enum archive_sniff_kind *out, const char *bytes, size_t length,
                                  const char *label, struct error *err);
