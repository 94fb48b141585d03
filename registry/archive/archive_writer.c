// Writes content as a deterministic archive.
#include "archive/archive_writer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "archive/archive_export.h"
#include "archive/archive_library.h"
#include "archive/archive_locale.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/memory.h"

#define OUTPUT_BLOCK_BYTES (128 << 10)
#define FILE_MODE 0644

struct ending {
    const char *text;
    bool written; // false: an archive, but none of ours
    enum archive_format format;
};

// The longest first.
static const struct ending endings[] = {
    { ".tar.gz", true, ARCHIVE_TAR_GZ },
    { ".tgz", true, ARCHIVE_TAR_GZ },
    { ".tar.zst", true, ARCHIVE_TAR_ZST },
    { ".zip", true, ARCHIVE_ZIP },
    { ".tar", true, ARCHIVE_TAR },
    { ".gz", false, 0 },
    { ".zst", false, 0 },
    { ".xz", false, 0 },
    { ".txz", false, 0 },
    { ".bz2", false, 0 },
    { ".tbz2", false, 0 },
    { ".7z", false, 0 },
    { ".rar", false, 0 },
};

static const struct ending *find_ending(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t ending = strlen(endings[i].text);
        if (length > ending && strcasecmp(name + length - ending, endings[i].text) == 0)
            return &endings[i];
    }
    return NULL;
}

enum status archive_writer_format_of(enum archive_format *out, const char *name, struct error *err)
{
    const struct ending *ending = find_ending(name);
    if (!ending || !ending->written) {
        error_set(err, STATUS_INVALID, "archive_unknown",
                  "%s: not the name of an archive that is written here", name);
        return error_hint(err, "use .tar.gz, .tar.zst, .zip or .tar");
    }
    *out = ending->format;
    return STATUS_OK;
}

// Where libarchive's bytes go.
struct output {
    struct archive_library library;
    struct archive *writer;
    int fd;
    const char *label;
    enum status status; // the first failure of ours, said in *err
    struct error *err;
};

static void close_output(struct output *output)
{
    if (output->writer)
        output->library.archive_write_free(output->writer);
    output->writer = NULL;
}

static la_ssize_t write_block(struct archive *writer, void *context, const void *bytes,
                              size_t length)
{
    struct output *output = context;
    if (output->status == STATUS_OK)
        output->status = file_write_all(output->fd, bytes, length, output->label, output->err);
    if (output->status == STATUS_OK)
        return (la_ssize_t)length;
    output->library.archive_set_error(writer, EIO, "%s", "the output failed");
    return -1;
}

static enum status output_failed(const struct output *output, struct error *err)
{
    if (output->status != STATUS_OK)
        return output->status;
    if (output->library.archive_errno(output->writer) == ENOMEM)
        return error_no_memory(err);
    const char *said = output->library.archive_error_string(output->writer);
    return error_set(err, STATUS_IO, "archive_write", "%s: cannot write the archive: %s",
                     output->label, said ? said : "no reason given");
}

// Each step in order; the first that fails ends it.
static int set_tar(const struct archive_library *library, struct archive *writer)
{
    // POSIX, plain ustar wherever that can say it: what every tar reads, names in UTF-8.
    return library->archive_write_set_format_pax_restricted(writer);
}

static int set_tar_gz(const struct archive_library *library, struct archive *writer)
{
    int result = set_tar(library, writer);
    if (result == ARCHIVE_OK)
        result = library->archive_write_add_filter_gzip(writer);
    if (result == ARCHIVE_OK)
        result = library->archive_write_set_filter_option(writer, "gzip", "timestamp", NULL);
    return result;
}

static int set_tar_zst(const struct archive_library *library, struct archive *writer)
{
    int result = set_tar(library, writer);
    return result == ARCHIVE_OK ? library->archive_write_add_filter_zstd(writer) : result;
}

static int set_zip(const struct archive_library *library, struct archive *writer)
{
    int result = library->archive_write_set_format_zip(writer);
    if (result == ARCHIVE_OK)
        result = library->archive_write_zip_set_compression_deflate(writer);
    if (result == ARCHIVE_OK)
        result = library->archive_write_set_format_option(writer, "zip", "hdrcharset", "UTF-8");
    return result;
}

static enum status open_output(struct output *output, enum archive_format format, struct error *err)
{
    static int (*const set_format[])(const struct archive_library *, struct archive *) = {
        [ARCHIVE_TAR_GZ] = set_tar_gz,
        [ARCHIVE_TAR_ZST] = set_tar_zst,
        [ARCHIVE_ZIP] = set_zip,
        [ARCHIVE_TAR] = set_tar,
    };
    const struct archive_library *library = &output->library;
    TRY(archive_library_load(&output->library, err));
    struct archive *writer = output->writer = library->archive_write_new();
    if (!writer)
        return error_no_memory(err);
    if (set_format[format](library, writer) != ARCHIVE_OK ||
        library->archive_write_set_bytes_per_block(writer, OUTPUT_BLOCK_BYTES) != ARCHIVE_OK ||
        library->archive_write_set_bytes_in_last_block(writer, 1) != ARCHIVE_OK ||
        library->archive_write_open(writer, output, NULL, write_block, NULL) != ARCHIVE_OK)
        return output_failed(output, err);
    return STATUS_OK;
}

// A zip's times are left out: it then says 1980-01-01, the earliest it can.
static enum status write_header(struct output *output, enum archive_format format,
                                const struct content_file *file, struct error *err)
{
    const struct archive_library *library = &output->library;
    struct archive_entry *entry = library->archive_entry_new2(output->writer);
    if (!entry)
        return error_no_memory(err);
    // In the locale's charset, which is UTF-8 here: a name set as UTF-8 would be translated on its
    // way to the tar writer, and composed on the way (see archive_input_new_reader).
    library->archive_entry_set_pathname(entry, file->path);
    library->archive_entry_set_size(entry, (la_int64_t)file->size_bytes);
    library->archive_entry_set_filetype(entry, AE_IFREG);
    library->archive_entry_set_perm(entry, FILE_MODE);
    if (format != ARCHIVE_ZIP)
        library->archive_entry_set_mtime(entry, 0, 0);
    int result = library->archive_write_header(output->writer, entry);
    library->archive_entry_free(entry);
    return result == ARCHIVE_OK ? STATUS_OK : output_failed(output, err);
}

static enum status write_data(struct output *output, const struct content_file *file,
                              struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    for (uint64_t done = 0; done < view.size_bytes;) {
        la_ssize_t wrote = output->library.archive_write_data(output->writer, view.bytes + done,
                                                              view.size_bytes - done);
        if (wrote <= 0)
            return output_failed(output, err);
        done += (uint64_t)wrote;
    }
    return STATUS_OK;
}

enum status archive_writer_fd(int fd, enum archive_format format, const struct content *content,
                              const char *label, struct error *err)
{
    struct archive_locale locale OWNED(archive_locale_leave) = ARCHIVE_LOCALE_NONE;
    TRY(archive_locale_enter(&locale, err));
    struct output output OWNED(close_output) = { .fd = fd, .label = label, .err = err };
    TRY(open_output(&output, format, err));
    for (size_t i = 0; i < content->count; i++) {
        TRY(write_header(&output, format, &content->files[i], err));
        TRY(write_data(&output, &content->files[i], err));
        if (output.library.archive_write_finish_entry(output.writer) != ARCHIVE_OK)
            return output_failed(&output, err);
    }
    if (output.library.archive_write_close(output.writer) != ARCHIVE_OK)
        return output_failed(&output, err);
    return STATUS_OK;
}

struct archive_file {
    enum archive_format format;
    const struct content *content;
    const char *path;
};

static enum status write_archive(void *context, int fd, struct error *err)
{
    const struct archive_file *file = context;
    return archive_writer_fd(fd, file->format, file->content, file->path, err);
}

enum status archive_writer_path(const char *path, const struct content *content, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return archive_writer_fd(STDOUT_FILENO, ARCHIVE_TAR_GZ, content, "standard output", err);
    if (!find_ending(path))
        return archive_export_folder(path, content, err);
    enum archive_format format;
    TRY(archive_writer_format_of(&format, path, err));
    struct archive_file file = { format, content, path };
    return file_replace(path, 0666, write_archive, &file, err);
}
