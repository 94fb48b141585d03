// Where the words that rules ask for stand in a text, line by line, in one walk over it: most rules
// need not look at most lines. Internal to pii_*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"
#include "base/error.h"
#include "check/literal_set.h"

// A bit for each list of words; those that come too late, or hold a word too short to be looked
// for, have none (0), and are taken to be mentioned everywhere.
#define PII_MENTION_LISTS 64

// Starts as {0}.
struct pii_mentions {
    struct literal_set *words;
    unsigned char *lists; // of the words, as the set counts them
    size_t capacity;
    size_t word_count;
    const struct json *known[PII_MENTION_LISTS];
    size_t list_count;
};

void pii_mention_release(struct pii_mentions *mentions);

// Takes a list of words in (ASCII letters in lower case or not; a '*' at the end of a word stands
// for anything) and sets the bit that stands for it. The same list has the same bit.
enum status pii_mention_add(struct pii_mentions *mentions, const struct json *list,
                            uint64_t *out_bit, struct error *err);

// A walk over a text's lines, in order.
struct pii_mention_walk {
    struct literal_walk words;
    bool has_begun;
    bool is_ahead;                  // `words` stands at a word that no line has had yet
    size_t last[PII_MENTION_LISTS]; // where a word of the list was seen last, plus 1; 0: nowhere
    const struct pii_mentions *mentions;
};
void pii_mention_start(struct pii_mention_walk *walk, const struct pii_mentions *mentions,
                       const char *bytes, size_t length);

// The bits of the lists of which a word begins in [begin, end), or at most PII_CONTEXT_MAX_WINDOW
// bytes before. Each line behind the one before; lines may be left out.
uint64_t pii_mention_line(struct pii_mention_walk *walk, size_t begin, size_t end);
