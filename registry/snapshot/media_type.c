// What a file is, by its path's ending.
#include "snapshot/media_type.h"

#include <stddef.h>

#include "base/memory.h"
#include "base/text.h"

// The endings that an artifact may hold (DESIGN: Markdown, text, HTML, JSONL, CSV, PDF).
static const struct {
    const char *ending;
    const char *media_type;
} types[] = {
    { ".md", "text/markdown; charset=utf-8" },
    { ".markdown", "text/markdown; charset=utf-8" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".html", "text/html; charset=utf-8" },
    { ".htm", "text/html; charset=utf-8" },
    { ".json", "application/json" },
    { ".jsonl", "application/x-ndjson" },
    { ".csv", "text/csv; charset=utf-8" },
    { ".pdf", "application/pdf" },
};

const char *media_type_of(const char *path)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (text_ends_with(path, types[i].ending))
            return types[i].media_type;
    return "application/octet-stream";
}
