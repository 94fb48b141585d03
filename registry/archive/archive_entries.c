// Takes an archive's entries, one by one, into content and a spool, within the limits.
#include "archive/archive_entries.h"

#include <stdio.h>
#include <string.h>

#include "archive/archive_rule.h"
#include "base/text.h"

#define NAMELESS_BYTES 40

// Whether the entry may be there at all, whatever its name.
static enum status check_entry(const struct archive_entries *entries, struct archive_entry *entry,
                               const char *name, struct error *err)
{
    const struct archive_library *library = &entries->input->library;
    const char *label = entries->input->label;
    if (library->archive_entry_hardlink(entry))
        return archive_rule_refuse(label, name, "is a hard link",
                                   "pack the file itself (tar's --hard-dereference does)", err);
    TRY(archive_rule_check_type(label, name, library->archive_entry_filetype(entry), err));
    if (library->archive_entry_is_encrypted(entry))
        return archive_rule_refuse(
            label, name, "is encrypted",
            "pack it without a password: what a registry cannot read, nobody "
            "can check",
            err);
    if (library->archive_entry_filetype(entry) == AE_IFDIR &&
        library->archive_entry_size(entry) > 0)
        return archive_rule_refuse(label, name, "is a folder with bytes of its own",
                                   "pack the archive again", err);
    return STATUS_OK;
}

static enum status check_size(const struct archive_entries *entries, const char *path,
                              uint64_t size_bytes, struct error *err)
{
    const struct content *content = entries->content;
    if (size_bytes > CONTENT_MAX_FILE_BYTES ||
        size_bytes > CONTENT_MAX_TOTAL_BYTES - content->total_bytes) {
        // One wording of these limits is enough: content_add refuses it for the same reason.
        content_add(entries->content, path, size_bytes, &entries->spool->source, 0, err);
        return error_prefix(err, "%s", entries->input->label);
    }
    if (size_bytes > entries->limit_bytes - entries->spool->end_bytes)
        return archive_rule_refuse_ratio(entries->input->label, path, err);
    return STATUS_OK;
}

// Blocks may leave gaps (sparse files); the spool reads as zeros there.
static enum status spool_data(struct archive_entries *entries, const char *path,
                              uint64_t size_bytes, struct error *err)
{
    const struct archive_library *library = &entries->input->library;
    for (;;) {
        const void *block = NULL;
        size_t length = 0;
        la_int64_t offset = 0;
        int result = library->archive_read_data_block(entries->reader, &block, &length, &offset);
        entries->input->unclaimed_bytes = 0;
        if (result == ARCHIVE_EOF)
            return STATUS_OK;
        if (result != ARCHIVE_OK)
            return archive_input_failed(entries->input, entries->reader, path, err);
        if (offset < 0 || (uint64_t)offset > size_bytes || length > size_bytes - (uint64_t)offset) {
            error_set(err, STATUS_INVALID, "archive_unreadable",
                      "%s: '%s': more bytes than the entry says it has", entries->input->label,
                      path);
            return error_hint(err, "the archive is damaged: pack or copy it again");
        }
        TRY(archive_spool_write(entries->spool, entries->spool->end_bytes + (uint64_t)offset, block,
                                length, err));
    }
}

static enum status take_entry(struct archive_entries *entries, struct archive_entry *entry,
                              const char *name, struct error *err)
{
    const struct archive_library *library = &entries->input->library;
    char path[CONTENT_MAX_PATH_BYTES + 1];
    TRY(archive_rule_path(path, entries->input->label, name, err));
    TRY(check_entry(entries, entry, name, err));
    if (library->archive_entry_filetype(entry) == AE_IFDIR)
        return STATUS_OK;
    if (*path == '\0')
        return archive_rule_refuse(entries->input->label, name, "is a file without a name", NULL,
                                   err);
    la_int64_t declared =
        library->archive_entry_size_is_set(entry) ? library->archive_entry_size(entry) : 0;
    uint64_t size_bytes = declared > 0 ? (uint64_t)declared : 0;
    TRY(check_size(entries, path, size_bytes, err));
    TRY(spool_data(entries, path, size_bytes, err));
    struct archive_spool *spool = entries->spool;
    if (content_add(entries->content, path, size_bytes, &spool->source, spool->end_bytes, err) !=
        STATUS_OK)
        return error_prefix(err, "%s", entries->input->label);
    spool->end_bytes += size_bytes;
    return STATUS_OK;
}

// libarchive could read the entry, but not all of what it says of itself. A name that it could not
// translate is missing or mangled.
static enum status refuse_warned(const struct archive_entries *entries, const char *name,
                                 struct error *err)
{
    if (!text_is_utf8(name, strlen(name), NULL))
        return archive_rule_refuse_encoding(entries->input->label, name, err);
    return archive_input_failed(entries->input, entries->reader, name, err);
}

static enum status read_entry(struct archive_entries *entries, struct archive_entry *entry,
                              int result, struct error *err)
{
    archive_input_note_entry(entries->input);
    char nameless[NAMELESS_BYTES];
    snprintf(nameless, sizeof(nameless), "(entry %llu)", (unsigned long long)entries->seen + 1);
    const char *name = entries->input->library.archive_entry_pathname(entry);
    if (++entries->seen > ARCHIVE_INPUT_MAX_ENTRIES)
        return error_set(err, STATUS_TOO_LARGE, "too_many_files",
                         "%s: more than %d files and folders", entries->input->label,
                         ARCHIVE_INPUT_MAX_ENTRIES);
    if (!name && result != ARCHIVE_OK)
        return archive_rule_refuse_encoding(entries->input->label, nameless, err);
    if (!name || *name == '\0')
        return archive_rule_refuse(entries->input->label, nameless, "has no name", NULL, err);
    if (result != ARCHIVE_OK)
        return refuse_warned(entries, name, err);
    return take_entry(entries, entry, name, err);
}

enum status archive_entries_read(struct archive_entries *entries, struct error *err)
{
    const struct archive_library *library = &entries->input->library;
    for (;;) {
        struct archive_entry *entry = NULL;
        int result = library->archive_read_next_header(entries->reader, &entry);
        if (result == ARCHIVE_EOF)
            return STATUS_OK;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
            return archive_input_failed(entries->input, entries->reader, NULL, err);
        TRY(read_entry(entries, entry, result, err));
        entries->end_bytes = (uint64_t)library->archive_filter_bytes(entries->reader, 0);
    }
}
