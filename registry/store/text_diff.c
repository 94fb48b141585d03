// The difference between two texts, as a unified diff.
#include "store/text_diff.h"

#include "store/store_internal.h"

static int append_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
                       const git_diff_line *line, void *payload)
{
    (void)delta, (void)hunk;
    struct buffer *out = payload;
    bool is_content = line->origin == GIT_DIFF_LINE_CONTEXT ||
                      line->origin == GIT_DIFF_LINE_ADDITION ||
                      line->origin == GIT_DIFF_LINE_DELETION;
    if (line->origin == GIT_DIFF_LINE_FILE_HDR)
        return 0; // git's own names for blobs that stand in no tree say nothing to a reader
    if (is_content)
        buffer_append_byte(out, line->origin);
    buffer_append(out, line->content, line->content_len);
    return 0;
}

enum status text_diff_append(struct buffer *out, const char *path, const char *old_text,
                             size_t old_bytes, const char *new_text, size_t new_bytes,
                             struct error *err)
{
    git_patch *patch = NULL;
    git_diff_options options;
    int code = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    if (code == 0)
        code = git_patch_from_buffers(&patch, old_text, old_bytes, path, new_text, new_bytes, path,
                                      &options);
    if (code == 0 && git_patch_num_hunks(patch) > 0) {
        buffer_append_format(out, "--- a/%s\n+++ b/%s\n", path, path);
        code = git_patch_print(patch, append_line, out);
    }
    git_patch_free(patch);
    return code == 0 ? buffer_check(out, err) : store_fail(err, code, "compare", path);
}
