// Personal data in one file of an artifact, its path included: what the check refuses and what
// `greenroom pii scan` lists come from here, so that they cannot differ.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "check/pii_detector.h"
#include "check/place.h"

// One span, where it stands. Everything is borrowed for the call.
struct pii_file_span {
    const char *path;
    bool is_path;      // it stands in the path itself: no line, no column
    const char *bytes; // what `span` counts in: the file, or the path
    const struct pii_span *span;
    const char *value; // one form for one value
    struct place place;
};

struct pii_file_visitor {
    // In the order of the text; the allowed ones, too.
    enum status (*found)(void *context, const struct pii_file_span *span, struct error *err);
    // What could not be looked through, so that nobody takes silence for a good word.
    enum status (*unread)(void *context, const char *path, const char *why, const char *mend,
                          struct error *err);
    void *context;
};

enum status pii_file_scan(struct pii_detector *detector, const struct content_file *file,
                          const struct pii_file_visitor *visitor, struct error *err);

// What the bytes are when their text is packed ("a PDF", "a gzip file"), or NULL: nothing is looked
// for in it, since whatever its bytes spell says nothing, and nothing masked, which would break it.
const char *pii_file_packed(const char *bytes, size_t length);

// Enough of a value to find the place by, too little to pass on: "j*** d**@****.de".
#define PII_FILE_SHOWN_BYTES 48
void pii_file_obscure(char out[PII_FILE_SHOWN_BYTES + 1], const char *bytes, size_t length);
