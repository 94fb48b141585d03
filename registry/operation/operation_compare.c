// What differs between two contents, file by file.
#include "operation/operation_compare.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "store/text_diff.h"

#define DIFF_MAX_FILE_BYTES (8U << 20) // larger files are only said to differ

static enum status set_patch(struct json *item, const struct content_file *before,
                             const struct content_file *after, struct error *err)
{
    struct content_view old_view OWNED(content_view_release) = { .bytes = "" };
    struct content_view new_view OWNED(content_view_release) = { .bytes = "" };
    struct buffer patch OWNED(buffer_release) = { 0 };
    const struct content_file *any = after ? after : before;
    if ((before && before->size_bytes > DIFF_MAX_FILE_BYTES) ||
        (after && after->size_bytes > DIFF_MAX_FILE_BYTES))
        return STATUS_OK;
    if (before)
        TRY(content_view(&old_view, before, err));
    if (after)
        TRY(content_view(&new_view, after, err));
    if (!text_is_utf8(old_view.bytes, old_view.size_bytes, NULL) ||
        !text_is_utf8(new_view.bytes, new_view.size_bytes, NULL) ||
        memchr(old_view.bytes, '\0', old_view.size_bytes) ||
        memchr(new_view.bytes, '\0', new_view.size_bytes))
        return STATUS_OK;
    TRY(text_diff_append(&patch, any->path, old_view.bytes, old_view.size_bytes, new_view.bytes,
                         new_view.size_bytes, err));
    json_set_string(item, "patch", buffer_text(&patch));
    return STATUS_OK;
}

static enum status add_file(struct json *list, const struct content_file *before,
                            const struct content_file *after, struct error *err)
{
    if (before && after && digest_equal(&before->sha256, &after->sha256))
        return STATUS_OK;
    struct json *item = json_append_object(list);
    json_set_string(item, "path", after ? after->path : before->path);
    json_set_string(item, "change", !before ? "added" : !after ? "removed" : "changed");
    return set_patch(item, before, after, err);
}

// Both lists are sorted: one walk along both.
enum status operation_compare_contents(struct json *list, const struct content *old_content,
                                       const struct content *new_content, struct error *err)
{
    size_t a = 0;
    size_t b = 0;
    while (a < old_content->count || b < new_content->count) {
        const struct content_file *before = a < old_content->count ? &old_content->files[a] : NULL;
        const struct content_file *after = b < new_content->count ? &new_content->files[b] : NULL;
        int order = !before ? 1 : !after ? -1 : strcmp(before->path, after->path);
        a += order <= 0;
        b += order >= 0;
        TRY(add_file(list, order <= 0 ? before : NULL, order >= 0 ? after : NULL, err));
    }
    return STATUS_OK;
}
