// A tree's bytes as git keeps them.
#include "store/tree_text.h"

#include <string.h>
#include <strings.h>

#define FOLDER_MODE "40000"
#define FILE_MODE "100644"

void tree_text_append(struct buffer *out, const struct tree_text_entry *entry)
{
    buffer_append_text(out, entry->is_tree ? FOLDER_MODE " " : FILE_MODE " ");
    buffer_append(out, entry->name, entry->name_bytes);
    buffer_append_byte(out, '\0');
    buffer_append(out, entry->oid.bytes, OID_BYTES);
}

enum status tree_text_read(const char *bytes, size_t length, size_t *at,
                           struct tree_text_entry *out, struct error *err)
{
    const char *mode = bytes + *at;
    const char *end = bytes + length;
    const char *space = memchr(mode, ' ', (size_t)(end - mode));
    const char *nul = space ? memchr(space, '\0', (size_t)(end - space)) : NULL;
    if (!nul || nul == space + 1 || end - nul <= OID_BYTES)
        return error_set(err, STATUS_DAMAGED, "tree_malformed", "a tree's text is malformed");
    *out = (struct tree_text_entry) { .name = space + 1, .name_bytes = (size_t)(nul - space) - 1 };
    size_t mode_bytes = (size_t)(space - mode);
    out->is_tree = mode_bytes == strlen(FOLDER_MODE) && memcmp(mode, FOLDER_MODE, mode_bytes) == 0;
    memcpy(out->oid.bytes, nul + 1, OID_BYTES);
    *at = (size_t)(nul - bytes) + 1 + OID_BYTES;
    return STATUS_OK;
}

// The byte that stands at `i` for the order: behind its name a folder has a '/', a file nothing.
static int order_byte(const struct tree_text_entry *entry, size_t i)
{
    if (i < entry->name_bytes)
        return (unsigned char)entry->name[i];
    return entry->is_tree ? '/' : 0;
}

int tree_text_compare(const struct tree_text_entry *a, const struct tree_text_entry *b)
{
    size_t shorter = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
    int order = memcmp(a->name, b->name, shorter);
    return order != 0 ? order : order_byte(a, shorter) - order_byte(b, shorter);
}

// HFS+ leaves these code points out when it compares names (U+200C-200F, 202A-202E, 206A-206F,
// FEFF); each is three bytes of UTF-8.
static bool is_ignored_by_hfs(const char *at, size_t left)
{
    const unsigned char *c = (const unsigned char *)at;
    if (left < 3)
        return false;
    if (c[0] == 0xef)
        return c[1] == 0xbb && c[2] == 0xbf;
    return c[0] == 0xe2 &&
           ((c[1] == 0x80 && ((c[2] >= 0x8c && c[2] <= 0x8f) || (c[2] >= 0xaa && c[2] <= 0xae))) ||
            (c[1] == 0x81 && c[2] >= 0xaa && c[2] <= 0xaf));
}

// Whether some file system takes the name for ".git": in any letter case; with trailing dots or
// spaces, or by its short name (NTFS); with ignored code points in it (HFS+). git's fsck refuses
// all of these.
static bool is_git_folder(const char *name, size_t name_bytes)
{
    char plain[8];
    size_t length = 0;
    for (size_t i = 0; i < name_bytes && length < sizeof(plain);) {
        if (is_ignored_by_hfs(name + i, name_bytes - i)) {
            i += 3;
            continue;
        }
        plain[length++] = name[i++];
    }
    if (length == 4 && strncasecmp(plain, ".git", 4) == 0)
        return true;
    size_t trimmed = strcspn(name, ":\\");
    trimmed = trimmed < name_bytes ? trimmed : name_bytes;
    while (trimmed > 0 && (name[trimmed - 1] == ' ' || name[trimmed - 1] == '.'))
        trimmed--;
    return (trimmed == 4 && strncasecmp(name, ".git", 4) == 0) ||
           (trimmed == 5 && strncasecmp(name, "git~1", 5) == 0);
}

enum status tree_text_check_name(const char *name, size_t name_bytes, struct error *err)
{
    bool is_dots = (name_bytes == 1 && name[0] == '.') ||
                   (name_bytes == 2 && name[0] == '.' && name[1] == '.');
    if (name_bytes > 0 && !is_dots && !memchr(name, '/', name_bytes) &&
        !is_git_folder(name, name_bytes))
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "name_refused", "'%.*s': git allows no file of that name",
              name_bytes < 255 ? (int)name_bytes : 255, name);
    return error_hint(err, "rename it");
}
