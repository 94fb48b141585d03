// Feeds an archive file to libarchive.
#include "archive/archive_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive_rule.h"
#include "base/memory.h"

#define INPUT_BLOCK_BYTES (128 << 10)

enum status archive_input_open(struct archive_input *out, int fd, uint64_t size_bytes,
                               const char *label, struct error *err)
{
    struct archive_library library;
    TRY(archive_library_load(&library, err));
    char *block = malloc(INPUT_BLOCK_BYTES);
    if (!block)
        return error_no_memory(err);
    *out = (struct archive_input) { .library = library,
                                    .fd = fd,
                                    .label = label,
                                    .size_bytes = size_bytes,
                                    .block = block,
                                    .err = err };
    return STATUS_OK;
}

void archive_input_close(struct archive_input *input)
{
    free(input->block);
    input->block = NULL;
}

static enum status check_swallowed(struct archive_input *input, uint64_t *swallowed_bytes,
                                   size_t length)
{
    *swallowed_bytes += length;
    if (*swallowed_bytes <= ARCHIVE_INPUT_MAX_SWALLOWED_BYTES)
        return STATUS_OK;
    error_set(input->err, STATUS_INVALID, "archive_unreadable",
              "%s: more than 1 MiB in a row that is neither a file nor a file's data",
              input->label);
    return error_hint(input->err, "pack the archive again");
}

enum status archive_input_feed(struct archive_input *input, size_t length)
{
    return check_swallowed(input, &input->unclaimed_bytes, length);
}

void archive_input_note_entry(struct archive_input *input)
{
    input->unclaimed_bytes = 0;
    if (input->guard == ARCHIVE_INPUT_DIRECTORY)
        input->guard = ARCHIVE_INPUT_FREE;
}

// A record that straddles two blocks is missed: one in thousands, which a limit can bear.
static enum status count_directory_entries(struct archive_input *input, size_t length)
{
    static const char signature[] = { 'P', 'K', 1, 2 };
    const char *from = input->block;
    const char *end = from + length;
    while ((from = memmem(from, (size_t)(end - from), signature, sizeof(signature)))) {
        input->directory_entries++;
        from += sizeof(signature);
    }
    if (input->directory_entries <= ARCHIVE_INPUT_MAX_ENTRIES)
        return STATUS_OK;
    error_set(input->err, STATUS_TOO_LARGE, "too_many_files",
              "%s: its directory lists more than %d entries", input->label,
              ARCHIVE_INPUT_MAX_ENTRIES);
    return error_hint(input->err, "split the artifact into several");
}

static enum status check_block(struct archive_input *input, size_t length)
{
    switch (input->guard) {
    case ARCHIVE_INPUT_SWALLOWED:
        return check_swallowed(input, &input->swallowed_bytes, length);
    case ARCHIVE_INPUT_DIRECTORY:
        return count_directory_entries(input, length);
    case ARCHIVE_INPUT_FREE:
        break;
    }
    return STATUS_OK;
}

enum status archive_input_read(struct archive_input *input, const void **block, size_t *length)
{
    ssize_t got;
    do
        got = pread(input->fd, input->block, INPUT_BLOCK_BYTES, (off_t)input->position_bytes);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_errno(input->err, "cannot read", input->label);
    TRY(check_block(input, (size_t)got));
    input->position_bytes += (uint64_t)got;
    *block = input->block;
    *length = (size_t)got;
    return STATUS_OK;
}

static la_ssize_t input_read(struct archive *reader, void *context, const void **block)
{
    struct archive_input *input = context;
    size_t length = 0;
    input->status = archive_input_read(input, block, &length);
    if (input->status == STATUS_OK)
        return (la_ssize_t)length;
    input->library.archive_set_error(reader, EIO, "%s", "the input failed");
    return -1;
}

static la_int64_t input_skip(struct archive *reader, void *context, la_int64_t request)
{
    (void)reader;
    struct archive_input *input = context;
    uint64_t left = input->size_bytes - input->position_bytes;
    uint64_t skipped = request < 0 ? 0 : (uint64_t)request;
    if (input->position_bytes > input->size_bytes)
        left = 0;
    if (skipped > left)
        skipped = left;
    input->position_bytes += skipped;
    return (la_int64_t)skipped;
}

static la_int64_t input_seek(struct archive *reader, void *context, la_int64_t offset, int whence)
{
    (void)reader;
    struct archive_input *input = context;
    int64_t base = whence == SEEK_CUR   ? (int64_t)input->position_bytes
                   : whence == SEEK_END ? (int64_t)input->size_bytes
                                        : 0;
    int64_t target;
    if (__builtin_add_overflow(base, offset, &target) || target < 0 ||
        (uint64_t)target > input->size_bytes)
        return ARCHIVE_FATAL;
    input->position_bytes = (uint64_t)target;
    return target;
}

enum status archive_input_attach(struct archive_input *input, struct archive *reader)
{
    const struct archive_library *library = &input->library;
    library->archive_read_set_seek_callback(reader, input_seek);
    if (library->archive_read_open2(reader, input, NULL, input_read, input_skip, NULL) !=
        ARCHIVE_OK)
        return archive_input_failed(input, reader, NULL, input->err);
    return STATUS_OK;
}

enum status archive_input_new_reader(struct archive_input_reader *out,
                                     const struct archive_input *input, struct error *err)
{
    const struct archive_library *library = &input->library;
    struct archive_input_reader reader OWNED(archive_input_close_reader) = { 0 };
    reader.library = library;
    reader.archive = library->archive_read_new();
    struct archive_entry *entry =
        reader.archive ? library->archive_entry_new2(reader.archive) : NULL;
    if (!entry)
        return error_no_memory(err);
    // A reader composes decomposed names (a file from a Mac may be called "u" and a combining
    // diaeresis), and the digest would no longer be that of the author's files. It keeps its
    // translations by their pair of charsets, and one made for the way out composes nothing; so the
    // way out is asked for first. test_archive_reader holds it to that.
    library->archive_entry_set_pathname(entry, "x");
    library->archive_entry_pathname_utf8(entry);
    library->archive_entry_free(entry);
    *out = reader;
    reader = (struct archive_input_reader) { 0 };
    return STATUS_OK;
}

void archive_input_close_reader(struct archive_input_reader *reader)
{
    if (reader->archive)
        reader->library->archive_read_free(reader->archive);
    *reader = (struct archive_input_reader) { 0 };
}

enum status archive_input_failed(const struct archive_input *input, struct archive *reader,
                                 const char *entry, struct error *err)
{
    // Its message stands in input->err already, which is the caller's.
    if (input->status != STATUS_OK)
        return input->status;
    if (input->library.archive_errno(reader) == ENOMEM)
        return error_no_memory(err);
    const char *said = input->library.archive_error_string(reader);
    char words[ARCHIVE_RULE_SHOWN_BYTES];
    archive_rule_show(words, said ? said : "cut off or damaged");
    char shown[ARCHIVE_RULE_SHOWN_BYTES] = "";
    if (entry)
        archive_rule_show(shown, entry);
    error_set(err, STATUS_INVALID, "archive_unreadable", "%s: %s%s%s%s", input->label,
              entry ? "'" : "", shown, entry ? "': " : "", words);
    return error_hint(err,
                      "hand over a whole .tar.gz, .tar.zst, .tar or .zip archive: pack or copy it "
                      "again");
}
