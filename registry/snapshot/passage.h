// The stretches of a document that a search finds: a paragraph or a few under their heading, or one
// record.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "ledger/search_index.h"

#define PASSAGE_MIN_BYTES 400  // shorter paragraphs are taken together with the next
#define PASSAGE_MAX_BYTES 2000 // what a model is glad to get; longer ones are cut between words

// A document's text and how far it was read. Starts with the first three set; UTF-8.
struct passage_reading {
    const char *text;
    size_t text_bytes;
    bool is_records; // one record a line (JSONL, CSV): each is a passage
    size_t at;
    uint32_t line; // line feeds before `at`
};

// The next passage (its `file` is left alone); false when there is none. It holds more than blanks
// and does not end in them.
bool passage_next(struct passage_reading *reading, struct search_passage *out);
