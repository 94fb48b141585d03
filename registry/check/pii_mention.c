// Where the words that rules ask for stand in a text.
#include "check/pii_mention.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/pii_context.h"

void pii_mention_release(struct pii_mentions *mentions)
{
    literal_set_free(mentions->words);
    free(mentions->lists);
    *mentions = (struct pii_mentions) { 0 };
}

// A '*' behind a word stands for anything.
static size_t length_of(const char *word)
{
    size_t length = strlen(word);
    return length > 1 && word[length - 1] == '*' ? length - 1 : length;
}

static bool can_be_looked_for(const struct json *list)
{
    for (const struct json *word = json_first(list); word; word = json_next(word))
        if (length_of(json_string(word)) < LITERAL_LEAST_BYTES)
            return false;
    return true;
}

#define STEMS 64

// By its first two bytes, the shortest word of a list: where a longer one that begins with it
// stands, it stands, too, and one is enough to know that one does.
struct stems {
    const char *words[STEMS];
};

static const char **stem_of(struct stems *stems, const char *word)
{
    return &stems->words[((unsigned char)word[0] * 31U + (unsigned char)word[1]) % STEMS];
}

static void find_stems(struct stems *stems, const struct json *list)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        const char **stem = stem_of(stems, json_string(item));
        if (!*stem || length_of(json_string(item)) < length_of(*stem))
            *stem = json_string(item);
    }
}

static bool goes_without_saying(struct stems *stems, const char *word)
{
    const char *stem = *stem_of(stems, word);
    return stem != word && strncmp(word, stem, length_of(stem)) == 0;
}

static enum status add_words(struct pii_mentions *mentions, const struct json *list,
                             struct error *err)
{
    if (!mentions->words)
        TRY(literal_set_new(&mentions->words, true, err));
    struct stems stems = { { NULL } };
    find_stems(&stems, list);
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        const char *word = json_string(item);
        if (goes_without_saying(&stems, word))
            continue;
        TRY(memory_grow(&mentions->lists, mentions->word_count, &mentions->capacity,
                        sizeof(*mentions->lists), err));
        TRY(literal_set_add(mentions->words, word, length_of(word), err));
        mentions->lists[mentions->word_count++] = (unsigned char)mentions->list_count;
    }
    return STATUS_OK;
}

enum status pii_mention_add(struct pii_mentions *mentions, const struct json *list,
                            uint64_t *out_bit, struct error *err)
{
    size_t i = 0;
    *out_bit = 0;
    while (i < mentions->list_count && mentions->known[i] != list)
        i++;
    if (i == mentions->list_count) {
        if (i == PII_MENTION_LISTS || !can_be_looked_for(list))
            return STATUS_OK;
        TRY(add_words(mentions, list, err));
        mentions->known[mentions->list_count++] = list;
    }
    *out_bit = UINT64_C(1) << i;
    return STATUS_OK;
}

void pii_mention_start(struct pii_mention_walk *walk, const struct pii_mentions *mentions,
                       const char *bytes, size_t length)
{
    *walk = (struct pii_mention_walk) {
        .mentions = mentions,
        .words = { .set = mentions->words, .bytes = bytes, .length = length },
    };
}

uint64_t pii_mention_line(struct pii_mention_walk *walk, size_t begin, size_t end)
{
    uint64_t bits = 0;
    size_t least = begin > PII_CONTEXT_MAX_WINDOW ? begin - PII_CONTEXT_MAX_WINDOW : 0;
    if (!walk->has_begun || (walk->is_ahead && walk->words.at < least)) {
        walk->has_begun = true;
        literal_set_go_on(&walk->words, least);
        walk->is_ahead = walk->words.set && literal_set_next(&walk->words);
    }
    for (; walk->is_ahead && walk->words.at < end; walk->is_ahead = literal_set_next(&walk->words))
        walk->last[walk->mentions->lists[walk->words.literal]] = walk->words.at + 1;
    for (size_t i = 0; i < walk->mentions->list_count; i++)
        if (walk->last[i] > 0 && walk->last[i] + PII_CONTEXT_MAX_WINDOW > begin)
            bits |= UINT64_C(1) << i;
    return bits;
}
