// A knowledge base's full-text index: one SQLite file (FTS5, schema/search.sql), made once
// (ledger/search_builder.h), then only read. It has nothing to do with the ledger's own file, so
// that a search never waits for a write.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

// A stretch of a document that is found as a whole.
struct search_passage {
    uint32_t file;  // whatever number the maker gave the document
    uint32_t line;  // where it begins, from 1
    uint64_t start; // byte offset
    uint64_t bytes;
};

// One thread at a time.
struct search_index;

// Opens a whole index file in memory: borrowed, and nobody may change it meanwhile.
// Any number may be open over the same bytes. STATUS_DAMAGED when it is no index.
enum status search_index_open(struct search_index **out, const void *bytes, size_t size_bytes,
                              struct error *err);
void search_index_free(struct search_index *index);
void search_index_release(struct search_index **index); // for OWNED

#define SEARCH_INDEX_MAX_HITS 50
#define SEARCH_INDEX_MAX_STEPS 1000000 // of SQLite's machine: a hundred thousand passages found

struct search_hit {
    struct search_passage passage;
    double score; // larger is better; only to be compared within one answer
};
typedef enum status (*search_visit)(void *context, const struct search_hit *hit, struct error *err);

// The best `limit` passages for an expression of search_query_print (ledger/search_query.h), best
// first. STATUS_TOO_LARGE (code "search_too_large") over SEARCH_INDEX_MAX_STEPS, STATUS_DAMAGED.
enum status search_index_find(struct search_index *index, const char *expression, unsigned limit,
                              search_visit visit, void *context, struct error *err);
