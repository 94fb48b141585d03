// Reads what an author hands over: a folder, an archive, or one file.
#include "archive/archive_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_entries.h"
#include "archive/archive_folder.h"
#include "archive/archive_input.h"
#include "archive/archive_locale.h"
#include "archive/archive_rule.h"
#include "archive/archive_sniff.h"
#include "archive/archive_spool.h"
#include "archive/archive_stream.h"
#include "base/file.h"
#include "base/memory.h"

#define PIPE_CHUNK_BYTES (64 << 10)

static enum status read_tar(struct archive_entries *entries, enum archive_stream_kind kind,
                            struct error *err)
{
    struct archive_stream stream OWNED(archive_stream_close) = { 0 };
    TRY(archive_stream_open(&stream, entries->input, kind, entries->limit_bytes, err));
    struct archive_input_reader reader OWNED(archive_input_close_reader) = { 0 };
    TRY(archive_input_new_reader(&reader, entries->input, err));
    if (reader.library->archive_read_support_format_tar(reader.archive) != ARCHIVE_OK)
        return archive_input_failed(entries->input, reader.archive, NULL, err);
    TRY(archive_stream_attach(&stream, reader.archive));
    entries->reader = reader.archive;
    TRY(archive_entries_read(entries, err));
    return archive_stream_finish(&stream, entries->end_bytes, err);
}

static enum status read_zip(struct archive_entries *entries, struct error *err)
{
    struct archive_input_reader reader OWNED(archive_input_close_reader) = { 0 };
    TRY(archive_input_new_reader(&reader, entries->input, err));
    // Never the reader for pipes: without the central directory it takes a link for a file.
    if (reader.library->archive_read_support_format_zip_seekable(reader.archive) != ARCHIVE_OK)
        return archive_input_failed(entries->input, reader.archive, NULL, err);
    entries->input->guard = ARCHIVE_INPUT_DIRECTORY;
    TRY(archive_input_attach(entries->input, reader.archive));
    entries->reader = reader.archive;
    return archive_entries_read(entries, err);
}

static enum status read_entries(struct archive_entries *entries, enum archive_sniff_kind kind,
                                struct error *err)
{
    switch (kind) {
    case ARCHIVE_SNIFF_ZIP:
        return read_zip(entries, err);
    case ARCHIVE_SNIFF_GZIP:
        return read_tar(entries, ARCHIVE_STREAM_GZIP, err);
    case ARCHIVE_SNIFF_ZSTD:
        return read_tar(entries, ARCHIVE_STREAM_ZSTD, err);
    case ARCHIVE_SNIFF_EMPTY_ZIP:
        return STATUS_OK; // which libarchive does not recognise
    case ARCHIVE_SNIFF_TAR:
    case ARCHIVE_SNIFF_OTHER:
        break;
    }
    return read_tar(entries, ARCHIVE_STREAM_PLAIN, err);
}

// The content is sealed, so that refusals name entries as they are in the archive; what all paths
// begin with can go without a change to their order.
static void take_off_top_folder(struct content *content)
{
    const char *first = content->files[0].path;
    const char *slash = strchr(first, '/');
    size_t length = slash ? (size_t)(slash - first) + 1 : 0;
    // Sorted: what the first and the last have in common, all have.
    if (strncmp(content->files[content->count - 1].path, first, length) != 0)
        return;
    for (size_t i = 0; i < content->count; i++) {
        char *path = content->files[i].path;
        memmove(path, path + length, strlen(path + length) + 1);
    }
}

static enum status finish(struct content *out, struct content *content, bool is_archive,
                          const char *label, struct error *err)
{
    if (content->count == 0) {
        error_set(err, STATUS_INVALID, "content_empty", "%s: holds no files", label);
        return error_hint(err, "an artifact has an artifact.json, or at least one document");
    }
    TRY(archive_rule_seal(label, content, err));
    if (is_archive)
        take_off_top_folder(content);
    *out = *content;
    *content = (struct content) { 0 };
    return STATUS_OK;
}

static enum status check_archive_size(uint64_t size_bytes, const char *label, struct error *err)
{
    if (size_bytes <= ARCHIVE_MAX_BYTES)
        return STATUS_OK;
    error_set(err, STATUS_TOO_LARGE, "archive_too_large",
              "%s: over the limit of 5 GiB for an archive", label);
    return error_hint(err, "split the artifact into several");
}

static enum status read_archive(struct content *out, int fd, uint64_t size_bytes,
                                enum archive_sniff_kind kind, const char *label, struct error *err)
{
    TRY(check_archive_size(size_bytes, label, err));
    struct archive_locale locale OWNED(archive_locale_leave) = ARCHIVE_LOCALE_NONE;
    TRY(archive_locale_enter(&locale, err));
    struct content content OWNED(content_release) = { 0 };
    struct archive_spool *spool = NULL;
    TRY(archive_spool_new(&spool, err));
    TRY(content_own_source(&content, &spool->source, err));
    struct archive_input input OWNED(archive_input_close) = { 0 };
    TRY(archive_input_open(&input, fd, size_bytes, label, err));
    uint64_t limit = size_bytes * ARCHIVE_MAX_RATIO;
    struct archive_entries entries = {
        .input = &input,
        .content = &content,
        .spool = spool,
        .limit_bytes = limit > ARCHIVE_RATIO_FREE_BYTES ? limit : ARCHIVE_RATIO_FREE_BYTES,
    };
    TRY(read_entries(&entries, kind, err));
    TRY(archive_spool_seal(spool, err));
    return finish(out, &content, true, label, err);
}

// Reads up to `length` bytes, fewer only at the end.
static enum status read_full(int fd, char *bytes, size_t length, size_t *out_length,
                             const char *label, struct error *err)
{
    size_t have = 0;
    while (have < length) {
        ssize_t got = read(fd, bytes + have, length - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, "cannot read", label);
        if (got == 0)
            break;
        have += (size_t)got;
    }
    *out_length = have;
    return STATUS_OK;
}

// A pipe cannot be read twice or from its end, as zip needs; so it goes to a file first. What it
// starts with is looked at before, for what is no archive need not be taken in.
static enum status read_pipe(struct content *out, int fd, const char *label, struct error *err)
{
    char chunk[PIPE_CHUNK_BYTES];
    size_t length = 0;
    TRY(read_full(fd, chunk, sizeof(chunk), &length, label, err));
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    TRY(archive_sniff_archive(&kind, chunk, length, label, err));
    int copy OWNED(file_close) = -1;
    TRY(archive_spool_open_file(&copy, err));
    uint64_t size_bytes = 0;
    while (length > 0) {
        size_bytes += length;
        TRY(check_archive_size(size_bytes, label, err));
        TRY(file_write_all(copy, chunk, length, "a temporary file", err));
        TRY(read_full(fd, chunk, sizeof(chunk), &length, label, err));
    }
    return read_archive(out, copy, size_bytes, kind, label, err);
}

enum status archive_reader_fd(struct content *out, int fd, const char *label, struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return error_errno(err, "cannot read", label);
    if (!S_ISREG(info.st_mode))
        return read_pipe(out, fd, label, err);
    char start[ARCHIVE_SNIFF_BYTES];
    ssize_t got = pread(fd, start, sizeof(start), 0);
    if (got < 0)
        return error_errno(err, "cannot read", label);
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    TRY(archive_sniff_archive(&kind, start, (size_t)got, label, err));
    return read_archive(out, fd, (uint64_t)info.st_size, kind, label, err);
}

// Takes *fd over.
static enum status read_folder(struct content *out, int *fd, const char *label, struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    int folder = *fd;
    *fd = -1;
    TRY(archive_folder_read(&content, folder, label, err));
    return finish(out, &content, false, label, err);
}

// Takes *fd over.
static enum status read_single(struct content *out, int *fd, const char *path, const char *label,
                               struct error *err)
{
    const char *slash = strrchr(path, '/');
    struct content content OWNED(content_release) = { 0 };
    int file = *fd;
    *fd = -1;
    TRY(archive_folder_read_file(&content, file, slash ? slash + 1 : path, label, err));
    return finish(out, &content, false, label, err);
}

static enum status read_file(struct content *out, bool *out_single, int *fd, const char *path,
                             const char *label, struct error *err)
{
    char start[ARCHIVE_SNIFF_BYTES];
    ssize_t got = pread(*fd, start, sizeof(start), 0);
    if (got < 0)
        return error_errno(err, "cannot read", label);
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    TRY(archive_sniff(&kind, start, (size_t)got, label, err));
    bool single = kind == ARCHIVE_SNIFF_OTHER;
    TRY(single ? read_single(out, fd, path, label, err) : archive_reader_fd(out, *fd, label, err));
    *out_single = single;
    return STATUS_OK;
}

static enum status read_path(struct content *out, bool *out_single, const char *path,
                             const char *label, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, STATUS_NOT_FOUND, "file_not_found",
                         "%s: there is no such file or folder", label);
    if (fd < 0 || fstat(fd, &info) != 0)
        return error_errno(err, "cannot read", label);
    if (S_ISREG(info.st_mode))
        return read_file(out, out_single, &fd, path, label, err);
    if (!S_ISDIR(info.st_mode) && !S_ISFIFO(info.st_mode))
        return archive_rule_check_type(label, path, info.st_mode & S_IFMT, err);
    // The user named this fifo (a shell's <(...) is one), unlike those within a folder.
    TRY(S_ISDIR(info.st_mode) ? read_folder(out, &fd, label, err)
                              : archive_reader_fd(out, fd, label, err));
    *out_single = false;
    return STATUS_OK;
}

enum status archive_reader_path(struct content *out, bool *out_single, const char *path,
                                struct error *err)
{
    if (strcmp(path, "-") != 0) {
        char label[ARCHIVE_RULE_SHOWN_BYTES];
        archive_rule_show(label, path);
        return read_path(out, out_single, path, label, err);
    }
    TRY(archive_reader_fd(out, STDIN_FILENO, "standard input", err));
    *out_single = false;
    return STATUS_OK;
}
