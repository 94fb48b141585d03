// What a document of a knowledge base says it is, by the ending of its path, and what it looks
// like.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum document_format {
    DOCUMENT_OTHER, // not a document
    DOCUMENT_MARKDOWN,
    DOCUMENT_TEXT,
    DOCUMENT_HTML,
    DOCUMENT_JSONL,
    DOCUMENT_CSV,
    DOCUMENT_PDF,
};

// By the path's ending, in any letter case.
enum document_format document_format_of(const char *path);

// What binary format the bytes begin like, "a PDF file"; NULL for what may be text. Static.
const char *document_format_found(const char *bytes, size_t length);
