// Characters that nobody sees and a model reads.
#include "check/hidden_character.h"

#include <string.h>

#include "base/byte_run.h"
#include "base/memory.h"

#define FLAG_TAGS_MAX 7 // of a subdivision's flag: up to six letters and the cancel tag

struct range {
    uint32_t first;
    uint32_t last;
};

static bool is_in(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

#define IN(c, ranges) is_in(c, ranges, COUNT_OF(ranges))

// Arabic and its relatives, Syriac, N'Ko, the scripts of India and of South-East Asia, Mongolian:
// they shape letters by what joins them.
static const struct range joined_scripts[] = {
    { 0x0600, 0x08FF }, { 0x0900, 0x0DFF },   { 0x0E00, 0x109F },   { 0x1780, 0x18AF },
    { 0x1A20, 0x1CFF }, { 0xA800, 0xAAFF },   { 0xFB50, 0xFDFF },   { 0xFE70, 0xFEFE },
    { 0xABC0, 0xABFF }, { 0x1E900, 0x1E95F }, { 0x11000, 0x11FFF },
};
// Thai, Lao, Tibetan, Burmese, Khmer, Chinese, Japanese: words without spaces between them.
static const struct range unspaced_scripts[] = {
    { 0x0E00, 0x109F }, { 0x1780, 0x17FF }, { 0x1980, 0x1AAF },   { 0x2E80, 0x9FFF },
    { 0xF900, 0xFAFF }, { 0xFF00, 0xFFEF }, { 0x20000, 0x3FFFF },
};
static const struct range emoji[] = {
    { 0x23, 0x23 },     { 0x2A, 0x2A },     { 0x30, 0x39 },       { 0xA9, 0xAE },
    { 0x203C, 0x203C }, { 0x2049, 0x2049 }, { 0x2122, 0x2BFF },   { 0x3030, 0x303D },
    { 0x3297, 0x3299 }, { 0xFE0F, 0xFE0F }, { 0x1F000, 0x1FAFF },
};
static const struct range right_to_left[] = {
    { 0x0590, 0x08FF },   { 0xFB1D, 0xFDFF },   { 0xFE70, 0xFEFE },
    { 0x10800, 0x10FFF }, { 0x1E800, 0x1EFFF },
};
static const struct range hangul[] = { { 0x1100, 0x11FF },
                                       { 0x3130, 0x318F },
                                       { 0xA960, 0xA97F },
                                       { 0xAC00, 0xD7FF },
                                       { 0xFFA0, 0xFFDC } };
static const struct range bidi_controls[] = {
    { 0x061C, 0x061C }, { 0x200E, 0x200F }, { 0x202A, 0x202E }, { 0x2066, 0x2069 }
};
static const struct range zero_width[] = {
    { 0x034F, 0x034F }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180E, 0x180E },
    { 0x200B, 0x200D }, { 0x2060, 0x2064 }, { 0x206A, 0x206F }, { 0x3164, 0x3164 },
    { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xE0100, 0xE01EF },
};
static const struct range selectors[] = { { 0xFE00, 0xFE0F }, { 0xE0100, 0xE01EF } };

// The character at `at`, and its length in bytes; 0 at the end. The text is UTF-8.
static uint32_t read(const struct hidden_character_walk *walk, size_t at, size_t *out_length)
{
    const unsigned char *c = (const unsigned char *)walk->bytes + at;
    *out_length = 0;
    if (at >= walk->length)
        return 0;
    size_t length = c[0] < 0x80 ? 1 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    uint32_t character = length == 1 ? c[0] : c[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (c[i] & 0x3F);
    *out_length = length;
    return character;
}

// Past the tags of a flag such as Scotland's, which a black flag begins; 0 when they are none.
static size_t flag_length(const struct hidden_character_walk *walk)
{
    size_t at = walk->at;
    for (int i = 0; walk->before == 0x1F3F4 && i < FLAG_TAGS_MAX; i++) {
        size_t length;
        uint32_t c = read(walk, at, &length);
        at += length;
        if (c == 0xE007F)
            return i > 1 ? at - walk->at : 0;
        if (!((c >= 0xE0030 && c <= 0xE0039) || (c >= 0xE0061 && c <= 0xE007A)))
            return 0;
    }
    return 0;
}

static bool line_is_right_to_left(struct hidden_character_walk *walk)
{
    if (walk->at < walk->line_end)
        return walk->is_right_to_left;
    const char *newline = memchr(walk->bytes + walk->at, '\n', walk->length - walk->at);
    const char *before = walk->at ? memrchr(walk->bytes, '\n', walk->at) : NULL;
    size_t at = before ? (size_t)(before - walk->bytes) + 1 : 0;
    walk->line_end = newline ? (size_t)(newline - walk->bytes) + 1 : walk->length;
    walk->is_right_to_left = false;
    while (at < walk->line_end && !walk->is_right_to_left) {
        size_t length;
        uint32_t c = read(walk, at, &length);
        walk->is_right_to_left = c != 0x061C && IN(c, right_to_left);
        at += length;
    }
    return walk->is_right_to_left;
}

// Whether a script or an emoji needs the character where it stands.
static bool is_needed(const struct hidden_character_walk *walk, uint32_t c, uint32_t after)
{
    uint32_t before = walk->before;
    if (c == 0xFEFF)
        return walk->at == 0; // a byte order mark
    if (c == 0x200D && IN(before, emoji) && IN(after, emoji))
        return true;
    if (c == 0x200C || c == 0x200D)
        return IN(before, joined_scripts) || IN(after, joined_scripts);
    if (c == 0x200B)
        return IN(before, unspaced_scripts) || IN(after, unspaced_scripts);
    if (c == 0x180E || (c >= 0x17B4 && c <= 0x17B5))
        return IN(before, joined_scripts);
    if (c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0)
        return IN(before, hangul) || IN(after, hangul);
    return IN(c, selectors) && before > 0x20 && !IN(before, selectors);
}

static bool judge(struct hidden_character_walk *walk, uint32_t c, uint32_t after,
                  enum hidden_character_kind *out)
{
    if (c >= 0xE0000 && c <= 0xE007F) {
        *out = HIDDEN_TAG;
        return true;
    }
    if (c == 0x202D || c == 0x202E) {
        *out = HIDDEN_BIDI_OVERRIDE;
        return true;
    }
    if (IN(c, bidi_controls)) {
        *out = HIDDEN_BIDI_CONTROL;
        return !line_is_right_to_left(walk);
    }
    *out = HIDDEN_ZERO_WIDTH;
    return IN(c, zero_width) && !is_needed(walk, c, after);
}

// Whether a hidden character may begin with these bytes; nearly all text is told apart by them.
static bool may_begin(const unsigned char *c)
{
    switch (c[0]) {
    case 0xCD: // U+034F
        return c[1] == 0x8F;
    case 0xD8: // U+061C
        return c[1] == 0x9C;
    case 0xE1: // U+115F, U+17B4, U+180E
        return c[1] == 0x85 || c[1] == 0x9E || c[1] == 0xA0;
    case 0xE2: // U+200B-206F
        return c[1] == 0x80 || c[1] == 0x81;
    case 0xE3: // U+3164
        return c[1] == 0x85;
    case 0xEF: // U+FE00, U+FEFF, U+FFA0
        return c[1] == 0xB8 || c[1] == 0xBB || c[1] == 0xBE;
    case 0xF3: // U+E0000-E01EF
        return c[1] == 0xA0;
    default:
        return false;
    }
}

static uint64_t is_not_ascii(uint64_t eight)
{
    return eight & BYTE_RUN_EIGHT(0x80);
}

static void skip_ascii(struct hidden_character_walk *walk)
{
    size_t run = byte_run_length(walk->bytes + walk->at, walk->length - walk->at, is_not_ascii);
    if (run == 0)
        return;
    walk->at += run;
    walk->before = (unsigned char)walk->bytes[walk->at - 1];
}

bool hidden_character_next(struct hidden_character_walk *walk, struct hidden_character *out)
{
    struct hidden_character found = { .count = 0 };
    while (walk->at < walk->length) {
        if (found.count == 0)
            skip_ascii(walk);
        if (walk->at == walk->length)
            break;
        const unsigned char *at = (const unsigned char *)walk->bytes + walk->at;
        size_t length = 1;
        size_t after_length;
        enum hidden_character_kind kind;
        uint32_t c = at[0] < 0x80 ? at[0] : read(walk, walk->at, &length);
        bool is_hidden = at[0] >= 0x80 && may_begin(at);
        if (is_hidden && walk->before == 0x1F3F4 && flag_length(walk) > 0)
            length = flag_length(walk);
        else if (is_hidden && judge(walk, c, read(walk, walk->at + length, &after_length), &kind)) {
            if (found.count > 0 && kind != found.kind)
                break;
            if (found.count++ == 0) {
                found.kind = kind;
                found.first = c;
                found.offset = walk->at;
            }
            walk->before = c;
            walk->at += length;
            continue;
        }
        if (found.count > 0)
            break;
        walk->before = c;
        walk->at += length;
    }
    *out = found;
    return found.count > 0;
}
