// Tells by its first bytes whether a file is an archive, and which.
#include "archive/archive_sniff.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

// Signatures: RFC 1952 (gzip), RFC 8878 (zstd), APPNOTE 4.3 (zip); those of the others from their
// formats' descriptions. A zip begins with an entry or, when it is empty, with its end record. A
// skippable frame may stand before zstd's own; pzstd begins with one.
struct signature {
    const char *bytes;
    size_t length;
    enum archive_sniff_kind kind;
    const char *unread; // the name of a kind that is not read here
};

static const struct signature signatures[] = {
    { "PK\003\004", 4, ARCHIVE_SNIFF_ZIP, NULL },
    { "PK\005\006", 4, ARCHIVE_SNIFF_EMPTY_ZIP, NULL },
    { "\x1f\x8b\x08", 3, ARCHIVE_SNIFF_GZIP, NULL },
    { "\x28\xb5\x2f\xfd", 4, ARCHIVE_SNIFF_ZSTD, NULL },
    { "\x50\x2a\x4d\x18", 4, ARCHIVE_SNIFF_ZSTD, NULL },
    { "\xfd"
      "7zXZ\0",
      6, ARCHIVE_SNIFF_OTHER, "an xz file" },
    { "BZh", 3, ARCHIVE_SNIFF_OTHER, "a bzip2 file" },
    { "7z\xbc\xaf\x27\x1c", 6, ARCHIVE_SNIFF_OTHER, "a 7z archive" },
    { "Rar!\x1a\x07", 6, ARCHIVE_SNIFF_OTHER, "a rar archive" },
    { "\x04\x22\x4d\x18", 4, ARCHIVE_SNIFF_OTHER, "an lz4 file" },
    { "LZIP\x01", 5, ARCHIVE_SNIFF_OTHER, "an lzip file" },
};

#define TAR_MAGIC_OFFSET 257
#define TAR_CHECKSUM_OFFSET 148
#define TAR_CHECKSUM_BYTES 8

// A header's checksum (POSIX pax, "ustar Interchange Format") tells old tars, which have no magic.
// A block of zeros is the end mark of an empty one.
static bool is_tar(const char *bytes, size_t length)
{
    if (length < ARCHIVE_SNIFF_BYTES)
        return false;
    if (memcmp(bytes + TAR_MAGIC_OFFSET, "ustar", 5) == 0)
        return true;
    unsigned sum = 0;
    for (size_t i = 0; i < ARCHIVE_SNIFF_BYTES; i++)
        sum += (unsigned char)bytes[i];
    if (sum == 0)
        return true;
    unsigned stated = 0;
    for (size_t i = 0; i < TAR_CHECKSUM_BYTES; i++) {
        char byte = bytes[TAR_CHECKSUM_OFFSET + i];
        if (byte >= '0' && byte <= '7')
            stated = stated * 8 + (unsigned)(byte - '0');
        else if (byte != ' ' && byte != '\0')
            return false;
        sum += (unsigned)' ' - (unsigned char)byte;
    }
    return sum == stated;
}

enum status archive_sniff(enum archive_sniff_kind *out, const char *bytes, size_t length,
                          const char *label, struct error *err)
{
    // First, for a tar begins with a file's name, and a file may be called "BZh".
    if (is_tar(bytes, length)) {
        *out = ARCHIVE_SNIFF_TAR;
        return STATUS_OK;
    }
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    for (size_t i = 0; i < COUNT_OF(signatures); i++) {
        const struct signature *signature = &signatures[i];
        if (length < signature->length || memcmp(bytes, signature->bytes, signature->length) != 0)
            continue;
        if (signature->unread) {
            error_set(err, STATUS_INVALID, "archive_unknown", "%s: is %s, which is not read here",
                      label, signature->unread);
            return error_hint(err, "hand it over as .tar.gz, .tar.zst, .tar or .zip");
        }
        kind = signature->kind;
    }
    *out = kind;
    return STATUS_OK;
}

enum status archive_sniff_archive(enum archive_sniff_kind *out, const char *bytes, size_t length,
                                  const char *label, struct error *err)
{
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    TRY(archive_sniff(&kind, bytes, length, label, err));
    if (kind == ARCHIVE_SNIFF_OTHER) {
        error_set(err, STATUS_INVALID, "archive_unknown", "%s: %s", label,
                  length == 0 ? "is empty" : "is not an archive");
        return error_hint(err, "hand over a .tar.gz, .tar.zst, .tar or .zip archive");
    }
    *out = kind;
    return STATUS_OK;
}
