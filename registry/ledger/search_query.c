// What somebody typed, as an expression that SQLite's FTS5 takes.
#include "ledger/search_query.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static enum status query_invalid(struct error *err, const char *what)
{
    error_set(err, STATUS_INVALID, "query_invalid", "q: %s", what);
    return error_hint(err, "ask with a few words: ?q=cancel+a+plan; \"words in quotes\" stay "
                           "together");
}

// Letters, digits and all beyond ASCII: FTS5's tokenizer keeps nothing else.
static bool is_of_word(char character)
{
    unsigned char byte = (unsigned char)character;
    return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           ((byte | 32) >= 'a' && (byte | 32) <= 'z');
}

struct term {
    size_t begin;
    size_t end;
    bool has_word;
};

// One word, or what stands between two quotes, from `at` on. Answers where to go on.
static size_t read_term(struct term *out, const char *query, size_t length, size_t at)
{
    bool is_quoted = query[at] == '"';
    *out = (struct term) { .begin = at + is_quoted };
    for (at += is_quoted; at < length; at++) {
        if (is_quoted ? query[at] == '"' : !is_of_word(query[at]))
            break;
        out->has_word |= is_of_word(query[at]);
    }
    out->end = at;
    return at < length ? at + (is_quoted || !out->has_word) : at;
}

enum status search_query_print(struct buffer *out, const char *query, size_t query_bytes,
                               struct error *err)
{
    unsigned words = 0;
    if (query_bytes > SEARCH_QUERY_MAX_BYTES)
        return query_invalid(err, "it is longer than 512 bytes");
    if (!text_is_utf8(query, query_bytes, NULL) || memchr(query, 0, query_bytes))
        return query_invalid(err, "it is not UTF-8 text");
    for (size_t at = 0; at < query_bytes;) {
        struct term term;
        at = read_term(&term, query, query_bytes, at);
        if (!term.has_word)
            continue;
        if (++words > SEARCH_QUERY_MAX_WORDS)
            return query_invalid(err, "it has more than 32 words");
        buffer_append_text(out, words > 1 ? " OR \"" : "\"");
        buffer_append(out, query + term.begin, term.end - term.begin); // no quote is among them
        buffer_append_byte(out, '"');
    }
    return words > 0 ? buffer_check(out, err) : query_invalid(err, "there is no word in it");
}
