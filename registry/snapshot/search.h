// Search in a knowledge base: its index made of the release's documents, and the answer to a query.
// What an answer says is taken from the verified documents; the index only says where to look.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "ledger/search_index.h"
#include "snapshot/snapshot_release.h"

#define SEARCH_DEFAULT_HITS 10U

// Makes the index as a new file at `path`. PDF files, and documents that are no UTF-8 text, are
// left out. Stops at the next document, with STATUS_IO (code "stopping"), once *stop is set.
enum status search_make(const char *path, const struct snapshot_release *release,
                        const atomic_bool *stop, struct error *err);

struct search_question {
    const char *query;
    size_t query_bytes;
    unsigned limit; // of hits; SEARCH_INDEX_MAX_HITS at most
};

// Appends {"artifact","version","digest","hits":[{"path","line","score","snippet"}…]}, best first.
// STATUS_INVALID for a query without words, STATUS_TOO_LARGE for one that takes too long.
enum status search_print(struct buffer *out, struct search_index *index,
                         const struct snapshot_release *release,
                         const struct search_question *question, struct error *err);
