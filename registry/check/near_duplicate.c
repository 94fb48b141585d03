// Documents that say nearly the same: MinHash over runs of five words.
#include "check/near_duplicate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define WORDS 5 // in a shingle
#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)
#define BAND_BINS 8 // documents that agree in one band are compared
#define BANDS (NEAR_DUPLICATE_BINS / BAND_BINS)
#define COMPARED_MAX 4 // of those that agree in a band: templates make bands that thousands share
#define EMPTY UINT32_MAX

void near_duplicate_release(struct near_duplicates *documents)
{
    free(documents->sketches);
    *documents = (struct near_duplicates) { 0 };
}

static uint64_t mix(uint64_t value)
{
    value ^= value >> 32;
    value *= UINT64_C(0xd6e8feb86659fd93);
    value ^= value >> 32;
    value *= UINT64_C(0xd6e8feb86659fd93);
    return value ^ (value >> 32);
}

// What a byte is to the words of a text: nothing, a part of one, or where one begins. Chinese and
// Japanese put no spaces between words: each of their characters counts as one.
enum { NO_WORD, WORD, IDEOGRAPH };

static const unsigned char sorts[256] = {
    ['0' ... '9'] = WORD,   ['A' ... 'Z'] = WORD,        ['a' ... 'z'] = WORD,
    [0x80 ... 0xE2] = WORD, [0xE3 ... 0xE9] = IDEOGRAPH, [0xEA ... 0xFF] = WORD,
};

// What turns a capital into a small letter.
static const unsigned char case_bits[256] = { ['A' ... 'Z'] = 0x20 };

#define IDEOGRAPH_BYTES 3

// Takes the next word's hash, letter case aside; false at the end.
static bool next_word(const char **from, const char *to, uint64_t *out)
{
    const unsigned char *at = (const unsigned char *)*from;
    const unsigned char *end = (const unsigned char *)to;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    while (at < end && sorts[*at] == NO_WORD)
        at++;
    if (at == end)
        return false;
    if (sorts[*at] == IDEOGRAPH && end - at > IDEOGRAPH_BYTES)
        end = at + IDEOGRAPH_BYTES;
    do {
        hash = (hash ^ (unsigned)(*at | case_bits[*at])) * UINT64_C(0x100000001b3);
        at++;
    } while (at < end && sorts[*at] == WORD);
    *from = (const char *)at;
    *out = hash;
    return true;
}

enum status near_duplicate_add(struct near_duplicates *documents, size_t document,
                               const char *bytes, size_t length, struct error *err)
{
    struct near_duplicate_sketch sketch = { .document = document };
    uint64_t words[WORDS] = { 0 }; // the last five, in a ring
    uint64_t run = 0;           // of them: each but the newest multiplied once for each behind it
    uint64_t gone = MULTIPLIER; // the multiplier of the one that leaves
    size_t count = 0;
    size_t place = 0;
    const char *at = bytes;
    const char *end =
        bytes + (length < NEAR_DUPLICATE_MAX_BYTES ? length : NEAR_DUPLICATE_MAX_BYTES);
    if (documents->count == NEAR_DUPLICATE_MAX_DOCUMENTS)
        return STATUS_OK;
    memset(sketch.bins, 0xFF, sizeof(sketch.bins));
    for (size_t i = 1; i < WORDS; i++)
        gone *= MULTIPLIER;
    for (uint64_t word; next_word(&at, end, &word); count++) {
        run = run * MULTIPLIER + word - words[place] * gone;
        words[place] = word;
        place = place + 1 < WORDS ? place + 1 : 0;
        if (count + 1 < WORDS)
            continue;
        uint64_t shingle = mix(run);
        uint32_t *bin = &sketch.bins[shingle % NEAR_DUPLICATE_BINS];
        uint32_t value = (uint32_t)(shingle >> 32);
        *bin = value < *bin ? value : *bin;
    }
    if (count < NEAR_DUPLICATE_MIN_SHINGLES + WORDS - 1)
        return STATUS_OK;
    TRY(memory_grow(&documents->sketches, documents->count, &documents->capacity,
                    sizeof(*documents->sketches), err));
    documents->sketches[documents->count++] = sketch;
    return STATUS_OK;
}

// How much of what is in either is in both.
static unsigned share(const struct near_duplicate_sketch *a, const struct near_duplicate_sketch *b)
{
    unsigned same = 0;
    unsigned used = 0;
    for (size_t i = 0; i < NEAR_DUPLICATE_BINS; i++) {
        if (a->bins[i] == EMPTY && b->bins[i] == EMPTY)
            continue;
        used++;
        same += a->bins[i] == b->bins[i];
    }
    return used ? 100 * same / used : 0;
}

struct likeness {
    size_t earlier;
    unsigned percent; // 0: none found
};

// Sketches that agree in a band: the first few of them.
struct agreement {
    uint64_t hash;
    uint32_t count; // 0: the place is free
    uint32_t sketches[COMPARED_MAX];
};

// Agreements of one band, by hash; the next free place holds what finds its own taken.
struct agreements {
    struct agreement *places;
    size_t size; // a power of two, of which no more than half is taken
};

static void release_agreements(struct agreements *agreements)
{
    free(agreements->places);
}

static struct agreement *find_agreement(const struct agreements *agreements, uint64_t hash)
{
    size_t place = hash & (agreements->size - 1);
    while (agreements->places[place].count > 0 && agreements->places[place].hash != hash)
        place = (place + 1) & (agreements->size - 1);
    return &agreements->places[place];
}

// What a sketch has in a band; false when it has nothing.
static bool hash_band(const struct near_duplicate_sketch *sketch, size_t band, uint64_t *out)
{
    const uint32_t *bins = &sketch->bins[band * BAND_BINS];
    bool has_any = false;
    *out = 0;
    for (size_t i = 0; i < BAND_BINS; i++) {
        *out = mix(*out + bins[i]);
        has_any = has_any || bins[i] != EMPTY;
    }
    return has_any;
}

// Compares each sketch with a few of those before it that agree with it in the band.
static void compare_band(const struct near_duplicates *documents, size_t band,
                         struct agreements *agreements, struct likeness *likenesses)
{
    memset(agreements->places, 0, agreements->size * sizeof(*agreements->places));
    for (size_t i = 0; i < documents->count; i++) {
        uint64_t hash;
        if (!hash_band(&documents->sketches[i], band, &hash))
            continue;
        struct agreement *agreement = find_agreement(agreements, hash);
        for (uint32_t j = 0; j < agreement->count; j++) {
            size_t earlier = agreement->sketches[j];
            unsigned percent = share(&documents->sketches[i], &documents->sketches[earlier]);
            if (percent >= NEAR_DUPLICATE_SHARE_PERCENT && percent > likenesses[i].percent)
                likenesses[i] = (struct likeness) { earlier, percent };
        }
        agreement->hash = hash;
        if (agreement->count < COMPARED_MAX)
            agreement->sketches[agreement->count++] = (uint32_t)i;
    }
}

enum status near_duplicate_find(const struct near_duplicates *documents,
                                near_duplicate_report report, void *context, struct error *err)
{
    struct agreements agreements OWNED(release_agreements) = { .size = 16 };
    struct likeness *likenesses OWNED(memory_release) = NULL;
    if (documents->count < 2)
        return STATUS_OK;
    while (agreements.size < documents->count * 2)
        agreements.size *= 2;
    TRY(memory_new(&agreements.places, agreements.size, sizeof(*agreements.places), err));
    TRY(memory_new(&likenesses, documents->count, sizeof(*likenesses), err));
    for (size_t band = 0; band < BANDS; band++)
        compare_band(documents, band, &agreements, likenesses);
    for (size_t i = 0; i < documents->count; i++)
        if (likenesses[i].percent)
            TRY(report(context, documents->sketches[i].document,
                       documents->sketches[likenesses[i].earlier].document, likenesses[i].percent,
                       err));
    return STATUS_OK;
}
