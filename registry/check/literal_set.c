// Many literals looked for in one walk over a text.
#include "check/literal_set.h"

#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FRONTS (UINT32_C(1) << 15) // of the sums that the first bytes of a literal make
#define BUCKETS 256
#define FRONT_BYTES 4 // of a literal, compared at once before the rest of it

// `front` and `back` hold the first and the last bytes with the bit that tells ASCII letters' case
// set, and so compare too much as equal, never too little. Literals of one bucket are chained in
// the order of adding; places in the list count from 1, so that 0 ends a chain.
struct literal {
    const char *bytes;
    size_t length;
    uint32_t front;
    uint32_t back; // of literals of FRONT_BYTES or more
    uint32_t front_mask;
    unsigned short next;
};

// Which bits of a text's next bytes are summed, and the multiplier that does it: its low bytes are
// zero for bytes that do not count, which then go over the edge.
struct front_form {
    unsigned bytes;
    unsigned values; // that one of them can have
    uint64_t counted;
    uint32_t multiplier;
};

// The five low bits of a byte are the same for a letter in either case.
static const struct front_form exact_form = { 3, 256, UINT64_MAX, UINT32_C(0x3779B100) };
static const struct front_form folding_form = { 4, 32, UINT64_C(0x1F1F1F1F1F1F1F1F),
                                                UINT32_C(0x9E3779B1) };

// Nearly all places of a text are told apart by one look into `may_begin`.
struct literal_set {
    bool may_begin[FRONTS]; // by sum_of
    unsigned short first[BUCKETS];
    unsigned short last[BUCKETS];
    struct literal *literals;
    size_t count;
    size_t capacity;
    const struct front_form *form;
    bool folds;
};

enum status literal_set_new(struct literal_set **out, bool folds, struct error *err)
{
    TRY(memory_new(out, 1, sizeof(**out), err));
    (*out)->form = folds ? &folding_form : &exact_form;
    (*out)->folds = folds;
    return STATUS_OK;
}

void literal_set_free(struct literal_set *set)
{
    if (!set)
        return;
    free(set->literals);
    free(set);
}

void literal_set_release(struct literal_set **set)
{
    literal_set_free(*set);
    *set = NULL;
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static unsigned bucket_of(unsigned char first, unsigned char second)
{
    return (lower(first) * 31U + lower(second)) % BUCKETS;
}

// Of the first bytes (little-endian), of which only the counted bits are left.
static unsigned sum_of(const struct front_form *form, uint32_t front)
{
    return front * form->multiplier / (UINT32_MAX / FRONTS + 1);
}

// Behind a literal that is shorter than what is summed, anything may stand.
static void add_front(struct literal_set *set, const char *literal, size_t length)
{
    const struct front_form *form = set->form;
    uint32_t front = 0;
    uint32_t fronts = 1;
    size_t known = length < form->bytes ? length : form->bytes;
    for (size_t i = 0; i < known; i++)
        front |= ((unsigned char)literal[i] & (form->values - 1)) << 8 * i;
    for (size_t i = known; i < form->bytes; i++)
        fronts *= form->values;
    for (uint32_t i = 0; i < fronts; i++) {
        uint64_t behind = i % form->values | i / form->values << 8;
        set->may_begin[sum_of(form, front | (uint32_t)(behind << 8 * known))] = true;
    }
}

static uint32_t load_front(const char *bytes, size_t length)
{
    uint8_t front[FRONT_BYTES] = { 0 };
    uint32_t value;
    if (length >= FRONT_BYTES)
        memcpy(&value, bytes, sizeof(value));
    else {
        memcpy(front, bytes, length);
        memcpy(&value, front, sizeof(value));
    }
    return value | 0x20202020U;
}

enum status literal_set_add(struct literal_set *set, const char *literal, size_t length,
                            struct error *err)
{
    static const char ones[FRONT_BYTES] = { '\xFF', '\xFF', '\xFF', '\xFF' };
    if (length < LITERAL_LEAST_BYTES || set->count == LITERAL_SET_MAX)
        return error_set(err, STATUS_INVALID, "literal_invalid",
                         "'%.80s' is too short, or one of too many, to be looked for", literal);
    TRY(memory_grow(&set->literals, set->count, &set->capacity, sizeof(*set->literals), err));
    uint32_t mask = 0;
    size_t back = length < FRONT_BYTES ? 0 : length - FRONT_BYTES;
    memcpy(&mask, ones, length < FRONT_BYTES ? length : FRONT_BYTES);
    set->literals[set->count++] = (struct literal) { .bytes = literal,
                                                     .length = length,
                                                     .front = load_front(literal, length) & mask,
                                                     .back = load_front(literal + back, length),
                                                     .front_mask = mask };
    unsigned bucket = bucket_of((unsigned char)literal[0], (unsigned char)literal[1]);
    unsigned short place = (unsigned short)set->count;
    if (set->last[bucket])
        set->literals[set->last[bucket] - 1].next = place;
    else
        set->first[bucket] = place;
    set->last[bucket] = place;
    add_front(set, literal, length);
    return STATUS_OK;
}

static bool stands(const struct literal_set *set, const struct literal *literal, const char *at)
{
    if (literal->length > FRONT_BYTES &&
        load_front(at + literal->length - FRONT_BYTES, FRONT_BYTES) != literal->back)
        return false;
    if (!set->folds)
        return memcmp(at, literal->bytes, literal->length) == 0;
    for (size_t i = 0; i < literal->length; i++)
        if (lower((unsigned char)at[i]) != lower((unsigned char)literal->bytes[i]))
            return false;
    return true;
}

// The first literal of the chain that stands at the walk's place, or 0.
static unsigned short find(const struct literal_walk *walk, unsigned short place)
{
    const char *at = walk->bytes + walk->at;
    size_t left = walk->length - walk->at;
    uint32_t front = load_front(at, left);
    for (; place; place = walk->set->literals[place - 1].next) {
        const struct literal *literal = &walk->set->literals[place - 1];
        if ((front & literal->front_mask) == literal->front && left >= literal->length &&
            stands(walk->set, literal, at))
            return place;
    }
    return 0;
}

#define PLACES_AT_A_TIME (sizeof(uint64_t) + 1 - FRONT_BYTES)

// The first of these places at which a literal may begin, or how many there are.
static size_t find_place(const struct literal_set *set, const char *bytes)
{
    uint64_t eight;
    size_t place = 0;
    memcpy(&eight, bytes, sizeof(eight));
    eight = le64toh(eight) & set->form->counted;
#pragma GCC unroll 5
    for (; place < PLACES_AT_A_TIME; place++, eight >>= 8)
        if (set->may_begin[sum_of(set->form, (uint32_t)eight)])
            break;
    return place;
}

// Moves on to where a literal may begin; false at the end. The last few bytes of a text are always
// such a place.
static bool seek(struct literal_walk *walk)
{
    const struct literal_set *set = walk->set;
    size_t at = walk->at;
    for (; at + sizeof(uint64_t) <= walk->length; at += PLACES_AT_A_TIME) {
        size_t place = find_place(set, walk->bytes + at);
        if (place < PLACES_AT_A_TIME) {
            walk->at = at + place;
            return true;
        }
    }
    for (; at + sizeof(uint32_t) <= walk->length; at++) {
        uint32_t front;
        memcpy(&front, walk->bytes + at, sizeof(front));
        if (set->may_begin[sum_of(set->form, le32toh(front) & (uint32_t)set->form->counted)])
            break;
    }
    walk->at = at;
    return at + LITERAL_LEAST_BYTES <= walk->length;
}

bool literal_set_next(struct literal_walk *walk)
{
    unsigned short place = walk->place;
    if (place) { // more may stand where the last one does
        place = find(walk, walk->set->literals[place - 1].next);
        walk->at += !place;
    }
    while (!place && seek(walk)) {
        const unsigned char *at = (const unsigned char *)walk->bytes + walk->at;
        place = find(walk, walk->set->first[bucket_of(at[0], at[1])]);
        walk->at += !place;
    }
    walk->place = place;
    walk->literal = place ? place - 1U : 0;
    return place;
}

void literal_set_go_on(struct literal_walk *walk, size_t at)
{
    walk->at = at;
    walk->place = 0;
}
