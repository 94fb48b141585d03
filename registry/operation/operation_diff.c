// diff: what differs between two versions, file by file.
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"
#include "store/text_diff.h"

#define DIFF_MAX_FILE_BYTES (8U << 20) // larger files are only said to differ

// The two versions, opened.
struct comparing {
    struct operation_version versions[2];
    struct content contents[2];
};

static void release_comparing(struct comparing *comparing)
{
    for (int i = 0; i < 2; i++) {
        content_release(&comparing->contents[i]);
        operation_version_release(&comparing->versions[i]);
    }
}

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
static enum status compare(struct json *list, const struct content *old_content,
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

// The second version: "@B" or "B"; without one the latest draft, or what is live.
static enum status find_second(struct comparing *comparing, struct operation_call *call,
                               struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    char bare[ID_TEXT_BYTES];
    const char *with = json_get_string(call->input, "with", NULL);
    id_format_bare(&comparing->versions[0].row.id, bare);
    buffer_append_text(&text, bare);
    if (with)
        buffer_append_format(&text, "@%s", with[0] == '@' ? with + 1 : with);
    TRY(buffer_check(&text, err));
    return operation_version_find(&comparing->versions[1], call, text.bytes, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct comparing comparing OWNED(release_comparing) = { 0 };
    struct artifact_id id;
    const char *first = json_get_string(call->input, "artifact", "");
    TRY(id_parse_version(&id, first, err));
    TRY(operation_version_find(&comparing.versions[0], call, first, err));
    TRY(find_second(&comparing, call, err));
    call->output = json_new_object();
    static const char *const sides[] = { "from", "to" };
    for (int i = 0; i < 2; i++) {
        TRY(operation_version_content(&comparing.contents[i], call, &comparing.versions[i], err));
        operation_result_set_version(json_set_object(call->output, sides[i]),
                                     &comparing.versions[i].row.id,
                                     &comparing.versions[i].row.digest);
    }
    return compare(json_set_array(call->output, "files"), &comparing.contents[0],
                   &comparing.contents[1], err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@A", "the older version", FIELD_TEXT, true },
    { "with", NULL, "@B", "the newer version (default: the latest draft, or what is live)",
      FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_diff = {
    .name = "diff",
    .summary = "show what differs between two versions of an artifact",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
