// Documents that say nearly the same: MinHash over runs of five words.
#include "check/near_duplicate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define WORDS 5     // in a shingle
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
        bool is_capital = *at >= 'A' && *at <= 'Z';
        hash = (hash ^ (*at + (is_capital ? 32U : 0U))) * UINT64_C(0x100000001b3);
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
    uint64_t words[WORDS] = { 0 };
    size_t count = 0;
    const char *at = bytes;
    const char *end =
        bytes + (length < NEAR_DUPLICATE_MAX_BYTES ? length : NEAR_DUPLICATE_MAX_BYTES);
    if (documents->count == NEAR_DUPLICATE_MAX_DOCUMENTS)
        return STATUS_OK;
    memset(sketch.bins, 0xFF, sizeof(sketch.bins));
    for (; next_word(&at, end, &words[count % WORDS]); count++) {
        uint64_t shingle = 0;
        if (count + 1 < WORDS)
            continue;
        for (size_t i = 1; i <= WORDS; i++) // the oldest of the five first
            shingle = shingle * UINT64_C(0x9e3779b97f4a7c15) + words[(count + i) % WORDS];
        shingle = mix(shingle);
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

struct band {
    uint64_t hash;
    size_t sketch;
};

static int compare_bands(const void *left, const void *right)
{
    const struct band *a = left;
    const struct band *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->sketch > b->sketch) - (a->sketch < b->sketch);
}

struct likeness {
    size_t earlier;
    unsigned percent; // 0: none found
};

// Compares each sketch with a few of those before it in the same band.
static void compare_run(const struct near_duplicates *documents, const struct band *run,
                        size_t count, struct likeness *likenesses)
{
    for (size_t i = 1; i < count; i++) {
        struct likeness *likeness = &likenesses[run[i].sketch];
        for (size_t j = 0; j < i && j < COMPARED_MAX; j++) {
            unsigned percent =
                share(&documents->sketches[run[i].sketch], &documents->sketches[run[j].sketch]);
            if (percent >= NEAR_DUPLICATE_SHARE_PERCENT && percent > likeness->percent)
                *likeness = (struct likeness) { run[j].sketch, percent };
        }
    }
}

static size_t fill_band(const struct near_duplicates *documents, size_t band, struct band *out)
{
    size_t count = 0;
    for (size_t i = 0; i < documents->count; i++) {
        const uint32_t *bins = &documents->sketches[i].bins[band * BAND_BINS];
        uint64_t hash = 0;
        bool is_empty = true;
        for (size_t j = 0; j < BAND_BINS; j++) {
            hash = mix(hash + bins[j]);
            is_empty = is_empty && bins[j] == EMPTY;
        }
        if (!is_empty)
            out[count++] = (struct band) { hash, i };
    }
    return count;
}

enum status near_duplicate_find(const struct near_duplicates *documents,
                                near_duplicate_report report, void *context, struct error *err)
{
    struct band *bands OWNED(memory_release) = NULL;
    struct likeness *likenesses OWNED(memory_release) = NULL;
    if (documents->count < 2)
        return STATUS_OK;
    TRY(memory_new(&bands, documents->count, sizeof(*bands), err));
    TRY(memory_new(&likenesses, documents->count, sizeof(*likenesses), err));
    for (size_t band = 0; band < BANDS; band++) {
        size_t count = fill_band(documents, band, bands);
        qsort(bands, count, sizeof(*bands), compare_bands);
        for (size_t begin = 0, end = 0; begin < count; begin = end) {
            while (end < count && bands[end].hash == bands[begin].hash)
                end++;
            compare_run(documents, bands + begin, end - begin, likenesses);
        }
    }
    for (size_t i = 0; i < documents->count; i++)
        if (likenesses[i].percent)
            TRY(report(context, documents->sketches[i].document,
                       documents->sketches[likenesses[i].earlier].document, likenesses[i].percent,
                       err));
    return STATUS_OK;
}
