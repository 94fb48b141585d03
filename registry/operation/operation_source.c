// Places in files: the line that a finding is about.
#include "operation/operation_source.h"

#include <string.h>

#include "base/memory.h"

#define SOURCE_LINE_BYTES 200

void operation_source_set(struct json *finding, const char *bytes, size_t length)
{
    int64_t line = json_get_integer(finding, "line", 0);
    const char *at = bytes;
    const char *end = bytes + length;
    char text[SOURCE_LINE_BYTES + 1];
    if (line < 1)
        return;
    while (--line > 0 && at)
        at = (at = memchr(at, '\n', (size_t)(end - at))) ? at + 1 : NULL;
    if (!at)
        return;
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    size_t shown = (size_t)((newline ? newline : end) - at);
    if (shown > SOURCE_LINE_BYTES) // a caret below a cut line could point at nothing
        return;
    memcpy(text, at, shown);
    text[shown] = '\0';
    json_set_string(finding, "source", text);
}

void operation_source_set_all(const struct json *findings, const struct content *content)
{
    for (const struct json *item = json_first(findings); item; item = json_next(item)) {
        struct content_view view OWNED(content_view_release) = { 0 };
        struct error unreadable;
        const struct content_file *file = content_find(content, json_get_string(item, "file", ""));
        if (file && content_view(&view, file, &unreadable) == STATUS_OK)
            operation_source_set((struct json *)item, view.bytes, (size_t)view.size_bytes);
    }
}
