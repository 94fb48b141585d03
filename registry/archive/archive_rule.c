// What may stand in an artifact: which kinds of entries, under which names.
#include "archive/archive_rule.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/archive_reader.h"
#include "base/memory.h"
#include "base/text.h"

#define SHOWN_UNIT_BYTES 5 // the longest step: \xNN and its NUL

// Length of the well-formed UTF-8 sequence at `at`, or 0.
static size_t sequence_length(const char *at)
{
    for (size_t length = 1; length <= 4 && at[length - 1] != '\0'; length++)
        if (text_is_utf8(at, length, NULL))
            return length;
    return 0;
}

void archive_rule_show(char out[ARCHIVE_RULE_SHOWN_BYTES], const char *name)
{
    static const char cut[] = "...";
    size_t used = 0;
    while (*name != '\0') {
        if (used + SHOWN_UNIT_BYTES + sizeof(cut) > ARCHIVE_RULE_SHOWN_BYTES) {
            memcpy(out + used, cut, sizeof(cut));
            return;
        }
        unsigned char byte = (unsigned char)*name;
        size_t length = byte < 0x20 || byte == 0x7f ? 0 : sequence_length(name);
        if (length == 0) {
            used += (size_t)snprintf(out + used, SHOWN_UNIT_BYTES, "\\x%02X", byte);
            name++;
            continue;
        }
        memcpy(out + used, name, length);
        used += length;
        name += length;
    }
    out[used] = '\0';
}

enum status archive_rule_refuse(const char *label, const char *entry, const char *fault,
                                const char *hint, struct error *err)
{
    char shown[ARCHIVE_RULE_SHOWN_BYTES];
    archive_rule_show(shown, entry);
    error_set(err, STATUS_REFUSED, "archive_entry_refused", "%s: '%s' %s", label, shown, fault);
    return hint ? error_hint(err, "%s", hint) : STATUS_REFUSED;
}

enum status archive_rule_refuse_encoding(const char *label, const char *entry, struct error *err)
{
    return archive_rule_refuse(label, entry, "has a name that is not UTF-8",
                               "rename the file, or pack it on a system whose names are UTF-8",
                               err);
}

enum status archive_rule_refuse_ratio(const char *label, const char *entry, struct error *err)
{
    char shown[ARCHIVE_RULE_SHOWN_BYTES] = "";
    if (entry)
        archive_rule_show(shown, entry);
    error_set(err, STATUS_TOO_LARGE, "archive_ratio",
              "%s: %s%s%sunpacks to more than %d times the archive's own size", label,
              entry ? "'" : "", shown, entry ? "' " : "", ARCHIVE_MAX_RATIO);
    return error_hint(err, "leave out what is nothing but repetition, or publish the folder "
                           "instead of an archive of it");
}

enum status archive_rule_check_type(const char *label, const char *entry, mode_t type,
                                    struct error *err)
{
    static const struct {
        mode_t type;
        const char *fault;
    } refused[] = {
        { S_IFLNK, "is a symbolic link" }, { S_IFCHR, "is a character device" },
        { S_IFBLK, "is a block device" },  { S_IFIFO, "is a fifo" },
        { S_IFSOCK, "is a socket" },
    };
    if (type == S_IFREG || type == S_IFDIR)
        return STATUS_OK;
    const char *fault = "is neither a file nor a folder";
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (type == refused[i].type)
            fault = refused[i].fault;
    return archive_rule_refuse(label, entry, fault,
                               "an artifact is made of plain files: put the file itself there, or "
                               "leave the entry out",
                               err);
}

// A refusal made elsewhere, under our code and with the archive's or folder's name in front.
static enum status relabel(const char *label, struct error *err)
{
    if (err->status == STATUS_REFUSED)
        err->code = "archive_entry_refused";
    return error_prefix(err, "%s", label);
}

enum status archive_rule_path(char out[CONTENT_MAX_PATH_BYTES + 1], const char *label,
                              const char *name, struct error *err)
{
    const char *from = name;
    while (text_starts_with(from, "./"))
        from += strspn(from + 1, "/") + 1;
    size_t length = strlen(from);
    if (length == 0 || (length == 1 && *from == '.')) {
        if (from == name && length == 0)
            return archive_rule_refuse(label, name, "is an empty name", NULL, err);
        *out = '\0';
        return STATUS_OK;
    }
    if (length > 1 && from[length - 1] == '/')
        length--;
    // Said here, because a message must not carry such bytes as they are.
    if (!text_is_utf8(from, length, NULL))
        return archive_rule_refuse_encoding(label, name, err);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)from[i] < 0x20 || from[i] == 0x7f)
            return archive_rule_refuse(label, name, "has a control character in its name",
                                       "rename the file", err);
    if (length > CONTENT_MAX_PATH_BYTES)
        return archive_rule_refuse(label, name, "is a path longer than 1024 bytes",
                                   "shorten the names", err);
    memcpy(out, from, length);
    out[length] = '\0';
    if (content_check_path(out, err) != STATUS_OK)
        return relabel(label, err);
    return STATUS_OK;
}

enum status archive_rule_seal(const char *label, struct content *content, struct error *err)
{
    if (content_seal(content, err) != STATUS_OK)
        return relabel(label, err);
    return STATUS_OK;
}
