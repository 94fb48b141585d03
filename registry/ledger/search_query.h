// What somebody typed, as an expression that SQLite's FTS5 takes.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

#define SEARCH_QUERY_MAX_BYTES 512 // a spoken question has a hundred
#define SEARCH_QUERY_MAX_WORDS 32

// Appends the words, each quoted, so that nothing in them is an operator; any of them is enough,
// and "words in quotes" stay together. STATUS_INVALID (code "query_invalid") when there is no word
// in it, it is no UTF-8 or longer than the limits.
enum status search_query_print(struct buffer *out, const char *query, size_t query_bytes,
                               struct error *err);
