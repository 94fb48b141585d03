// What a document of a knowledge base says it is, and what it looks like.
#include "check/document_format.h"

#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum document_format document_format_of(const char *path)
{
    static const struct {
        const char *ending;
        enum document_format format;
    } endings[] = {
        { ".md", DOCUMENT_MARKDOWN }, { ".markdown", DOCUMENT_MARKDOWN }, { ".txt", DOCUMENT_TEXT },
        { ".html", DOCUMENT_HTML },   { ".htm", DOCUMENT_HTML },          { ".csv", DOCUMENT_CSV },
        { ".jsonl", DOCUMENT_JSONL }, { ".pdf", DOCUMENT_PDF },
    };
    size_t length = strlen(path);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t ending = strlen(endings[i].ending);
        if (length > ending && strcasecmp(path + length - ending, endings[i].ending) == 0)
            return endings[i].format;
    }
    return DOCUMENT_OTHER;
}

const char *document_format_found(const char *bytes, size_t length)
{
    // The first bytes that the formats' specifications ask for.
    static const struct {
        const char *bytes;
        size_t length;
        const char *words;
    } beginnings[] = {
        { "%PDF-", 5, "a PDF file" },
        { "PK\3\4", 4, "a ZIP file, such as a word processor's" },
        { "\x1f\x8b", 2, "a gzip file" },
        { "\x89PNG", 4, "a PNG image" },
        { "\xff\xd8\xff", 3, "a JPEG image" },
        { "GIF8", 4, "a GIF image" },
        { "\xd0\xcf\x11\xe0", 4, "an old office document" },
        { "{\\rtf", 5, "a rich text file" },
        { "SQLite format 3", 15, "a database" },
        { "\xff\xfe", 2, "UTF-16 text" },
        { "\xfe\xff", 2, "UTF-16 text" },
    };
    for (size_t i = 0; i < COUNT_OF(beginnings); i++)
        if (length >= beginnings[i].length &&
            memcmp(bytes, beginnings[i].bytes, beginnings[i].length) == 0)
            return beginnings[i].words;
    return NULL;
}
