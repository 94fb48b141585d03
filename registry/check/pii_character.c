// Single characters: UTF-8, escapes, and look-alikes of ASCII.
#include "check/pii_character.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

static size_t read_utf8(uint32_t *out, const unsigned char *at, size_t room)
{
    static const struct {
        unsigned char mask;
        unsigned char lead;
        uint32_t least; // below it the form is overlong
    } forms[] = {
        { 0x80, 0x00, 0 }, { 0xE0, 0xC0, 0x80 }, { 0xF0, 0xE0, 0x800 }, { 0xF8, 0xF0, 0x10000 }
    };
    *out = PII_CHARACTER_BAD;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if ((at[0] & forms[i].mask) != forms[i].lead)
            continue;
        uint32_t value = at[0] & (unsigned char)~forms[i].mask;
        if (i + 1 > room)
            return 1;
        for (size_t j = 1; j <= i; j++) {
            if ((at[j] & 0xC0) != 0x80)
                return 1;
            value = value << 6 | (at[j] & 0x3F);
        }
        if (value < forms[i].least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
            return 1;
        *out = value;
        return i + 1;
    }
    return 1;
}

static int digit_of(char byte, int base)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = byte ? memchr(digits, byte | 0x20, (size_t)base) : NULL;
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return found && found - digits >= 10 ? (int)(found - digits) : -1;
}

// Digits of a base up to `end`; returns how many there are, at most `most`.
static size_t read_digits(uint32_t *out, const char *at, const char *end, int base, size_t most)
{
    size_t count = 0;
    *out = 0;
    for (; count < most && at + count < end; count++) {
        int digit = digit_of(at[count], base);
        if (digit < 0)
            break;
        *out = *out * (uint32_t)base + (uint32_t)digit;
    }
    return count;
}

static size_t read_json_unicode(uint32_t *out, const char *at, const char *end)
{
    uint32_t high = 0;
    uint32_t low = 0;
    if (end - at < 6 || read_digits(&high, at + 2, end, 16, 4) != 4)
        return 0;
    *out = high;
    if (high < 0xD800 || high > 0xDFFF)
        return 6;
    *out = PII_CHARACTER_BAD; // half of a pair
    if (high > 0xDBFF || end - at < 12 || at[6] != '\\' || at[7] != 'u' ||
        read_digits(&low, at + 8, end, 16, 4) != 4 || low < 0xDC00 || low > 0xDFFF)
        return 6;
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

static size_t read_json_escape(uint32_t *out, const char *at, const char *end)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (end - at < 2 || at[0] != '\\')
        return 0;
    if (at[1] == 'u')
        return read_json_unicode(out, at, end);
    const char *found = memchr(names, at[1], sizeof(names) - 1);
    if (!found)
        return 0;
    *out = (unsigned char)values[found - names];
    return 2;
}

static size_t read_number_reference(uint32_t *out, const char *at, const char *end)
{
    bool hex = end - at > 3 && (at[2] | 0x20) == 'x';
    size_t start = hex ? 3 : 2;
    size_t count = read_digits(out, at + start, end, hex ? 16 : 10, 7);
    if (count == 0 || at + start + count >= end || at[start + count] != ';')
        return 0;
    if (*out == 0 || *out > 0x10FFFF || (*out >= 0xD800 && *out <= 0xDFFF))
        *out = PII_CHARACTER_BAD;
    return start + count + 1;
}

static size_t read_markup_escape(uint32_t *out, const char *at, const char *end)
{
    static const struct {
        const char *text;
        uint32_t value;
    } names[] = { { "&nbsp;", ' ' },   { "&commat;", '@' }, { "&amp;", '&' },  { "&lt;", '<' },
                  { "&gt;", '>' },     { "&quot;", '"' },   { "&plus;", '+' }, { "&period;", '.' },
                  { "&hyphen;", '-' }, { "&shy;", 0xAD } };
    static const char punctuation[] = "\\`*_{}[]()<>#+-.!|@~&:'\"/,;=?^$%";
    if (end - at < 2)
        return 0;
    if (at[0] == '\\' && memchr(punctuation, at[1], sizeof(punctuation) - 1)) {
        *out = (unsigned char)at[1];
        return 2;
    }
    if (at[0] != '&')
        return 0;
    if (at[1] == '#')
        return end - at > 3 ? read_number_reference(out, at, end) : 0;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = strlen(names[i].text);
        if ((size_t)(end - at) >= length && memcmp(at, names[i].text, length) == 0) {
            *out = names[i].value;
            return length;
        }
    }
    return 0;
}

size_t pii_character_read(uint32_t *out, const char *at, const char *end, enum pii_form form)
{
    size_t length = 0;
    if (form == PII_JSON)
        length = read_json_escape(out, at, end);
    else if (form == PII_MARKUP)
        length = read_markup_escape(out, at, end);
    if (length == 0)
        length = read_utf8(out, (const unsigned char *)at, (size_t)(end - at));
    if (*out == 0)
        *out = PII_CHARACTER_BAD;
    return length;
}

// Runs of characters that stand for others: character - first + plain, or always `plain`.
enum run_kind { RUN_DIGITS, RUN_SHIFT, RUN_SAME, RUN_GONE };

struct run {
    uint32_t first;
    uint32_t last;
    enum run_kind kind;
    uint32_t plain;
};

// Sorted. The runs of digits are those of the Unicode category Nd that writers of our callers'
// languages use.
static const struct run runs[] = {
    { 0x00A0, 0x00A0, RUN_SAME, ' ' },   { 0x00AD, 0x00AD, RUN_GONE, 0 },
    { 0x0660, 0x0669, RUN_DIGITS, 0 },   { 0x06F0, 0x06F9, RUN_DIGITS, 0 },
    { 0x0966, 0x096F, RUN_DIGITS, 0 },   { 0x09E6, 0x09EF, RUN_DIGITS, 0 },
    { 0x0A66, 0x0A6F, RUN_DIGITS, 0 },   { 0x0AE6, 0x0AEF, RUN_DIGITS, 0 },
    { 0x0B66, 0x0B6F, RUN_DIGITS, 0 },   { 0x0BE6, 0x0BEF, RUN_DIGITS, 0 },
    { 0x0C66, 0x0C6F, RUN_DIGITS, 0 },   { 0x0CE6, 0x0CEF, RUN_DIGITS, 0 },
    { 0x0D66, 0x0D6F, RUN_DIGITS, 0 },   { 0x0E50, 0x0E59, RUN_DIGITS, 0 },
    { 0x0ED0, 0x0ED9, RUN_DIGITS, 0 },   { 0x1040, 0x1049, RUN_DIGITS, 0 },
    { 0x1680, 0x1680, RUN_SAME, ' ' },   { 0x17E0, 0x17E9, RUN_DIGITS, 0 },
    { 0x2000, 0x200A, RUN_SAME, ' ' },   { 0x200B, 0x200F, RUN_GONE, 0 },
    { 0x2010, 0x2015, RUN_SAME, '-' },   { 0x202A, 0x202E, RUN_GONE, 0 },
    { 0x202F, 0x202F, RUN_SAME, ' ' },   { 0x205F, 0x205F, RUN_SAME, ' ' },
    { 0x2060, 0x2064, RUN_GONE, 0 },     { 0x2066, 0x2069, RUN_GONE, 0 },
    { 0x2212, 0x2212, RUN_SAME, '-' },   { 0x3000, 0x3000, RUN_SAME, ' ' },
    { 0xFE00, 0xFE0F, RUN_GONE, 0 },     { 0xFE58, 0xFE58, RUN_SAME, '-' },
    { 0xFE63, 0xFE63, RUN_SAME, '-' },   { 0xFE6B, 0xFE6B, RUN_SAME, '@' },
    { 0xFEFF, 0xFEFF, RUN_GONE, 0 },     { 0xFF01, 0xFF5E, RUN_SHIFT, '!' },
    { 0x1D7CE, 0x1D7FF, RUN_DIGITS, 0 }, { 0xE0020, 0xE007E, RUN_SHIFT, ' ' },
};

static const struct run *run_of(uint32_t character)
{
    size_t low = 0;
    size_t high = COUNT_OF(runs);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (character < runs[middle].first)
            high = middle;
        else if (character > runs[middle].last)
            low = middle + 1;
        else
            return &runs[middle];
    }
    return NULL;
}

uint32_t pii_character_plain(uint32_t character)
{
    const struct run *run = character < 0x80 ? NULL : run_of(character);
    if (!run)
        return character;
    switch (run->kind) {
    case RUN_DIGITS:
        return '0' + (character - run->first) % 10;
    case RUN_SHIFT:
        return run->plain + (character - run->first);
    case RUN_SAME:
        return run->plain;
    case RUN_GONE:
        break;
    }
    return PII_CHARACTER_NONE;
}

void pii_character_append(struct buffer *out, uint32_t character)
{
    static const unsigned char leads[] = { 0x00, 0xC0, 0xE0, 0xF0 };
    static const uint32_t limits[] = { 0x80, 0x800, 0x10000 };
    size_t more = 0;
    while (more < COUNT_OF(limits) && character >= limits[more])
        more++;
    buffer_append_byte(out, (char)(leads[more] | character >> (6 * more)));
    while (more-- > 0)
        buffer_append_byte(out, (char)(0x80 | (character >> (6 * more) & 0x3F)));
}
