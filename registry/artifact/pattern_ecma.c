// ECMA-262 patterns rewritten as PCRE2 patterns.
//
// The two differ in what `.`, `\s`, `\v`, `\u`, `\c`, `\p{Letter}` and `[` in a class mean, and
// PCRE2 has much that ECMA-262 has not: verbs, atomic groups, possessive quantifiers, inline
// options. Everything is passed on deliberately or not at all.
#include "artifact/pattern_ecma.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_text.h"
#include "artifact/pattern_property.h"

#define MAX_CODE_POINT 0x10FFFF
#define MAX_GROUP 65535

// White space and line ends of ECMA-262 (sections 12.2 and 12.3), and all but them.
#define SPACES                                                                                     \
    "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"     \
    "\\x{feff}"
#define NOT_SPACES                                                                                 \
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"                     \
    "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"                 \
    "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
#define ANY_BUT_LINE_ENDS "[^\\n\\r\\x{2028}\\x{2029}]"

struct ecma {
    const char *start;
    const char *at;
    struct buffer *out;
    bool in_class;
    bool after_set; // in a class, behind \w and the like: a hyphen here is no range
};

static enum status fail(const struct ecma *ecma, const char *where, struct error *err,
                        const char *what)
{
    error_set(err, STATUS_INVALID, "pattern_invalid",
              "the regular expression '%.200s' is wrong at byte %zu: %s", ecma->start,
              (size_t)(where - ecma->start) + 1, what);
    return error_hint(err, "regular expressions are those of ECMA-262 (JavaScript), Unicode mode");
}

static void put_code_point(struct ecma *ecma, uint32_t code)
{
    buffer_append_format(ecma->out, "\\x{%x}", code);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Exactly `count` hex digits at ecma->at, which moves behind them; -1 if they are not there.
static int32_t take_hex(struct ecma *ecma, size_t count)
{
    char digits[9] = { 0 };
    if (strspn(ecma->at, "0123456789abcdefABCDEF") < count || count == 0 || count > 6)
        return -1;
    memcpy(digits, ecma->at, count);
    ecma->at += count;
    return (int32_t)strtol(digits, NULL, 16);
}

// Behind "\u": XXXX, a surrogate pair XXXX\uXXXX, or {X…}.
static enum status rewrite_unicode(struct ecma *ecma, struct error *err)
{
    const char *where = ecma->at - 2;
    if (*ecma->at == '{') {
        ecma->at++;
        int32_t code = take_hex(ecma, strspn(ecma->at, "0123456789abcdefABCDEF"));
        if (code < 0 || code > MAX_CODE_POINT || *ecma->at++ != '}')
            return fail(ecma, where, err, "\\u{…} takes one to six hex digits, up to 10FFFF");
        put_code_point(ecma, (uint32_t)code);
        return STATUS_OK;
    }
    int32_t unit = take_hex(ecma, 4);
    if (unit < 0)
        return fail(ecma, where, err, "\\u takes four hex digits");
    if (json_text_is_high(unit) && ecma->at[0] == '\\' && ecma->at[1] == 'u') {
        const char *end = ecma->at + strnlen(ecma->at, 6);
        int low = json_text_hex4(ecma->at + 2, end);
        if (json_text_is_low(low)) {
            ecma->at += 6;
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    put_code_point(ecma, (uint32_t)unit);
    return STATUS_OK;
}

static enum status rewrite_control(struct ecma *ecma, struct error *err)
{
    if (!is_letter(*ecma->at))
        return fail(ecma, ecma->at - 2, err, "\\c takes a letter");
    put_code_point(ecma, (uint32_t)*ecma->at++ % 32);
    return STATUS_OK;
}

static enum status rewrite_hex(struct ecma *ecma, struct error *err)
{
    int32_t code = take_hex(ecma, 2);
    if (code < 0)
        return fail(ecma, ecma->at - 2, err, "\\x takes two hex digits");
    put_code_point(ecma, (uint32_t)code);
    return STATUS_OK;
}

static enum status rewrite_nul(struct ecma *ecma, struct error *err)
{
    if (is_digit(*ecma->at))
        return fail(ecma, ecma->at - 2, err, "octal escapes are not taken");
    put_code_point(ecma, 0);
    return STATUS_OK;
}

// Behind "\k": <name>.
static enum status rewrite_named_reference(struct ecma *ecma, struct error *err)
{
    const char *end = strchr(ecma->at, '>');
    if (ecma->in_class || *ecma->at != '<' || !end || end == ecma->at + 1)
        return fail(ecma, ecma->at - 2, err, "\\k takes a group's name: \\k<name>");
    buffer_append_text(ecma->out, "\\k");
    buffer_append(ecma->out, ecma->at, (size_t)(end + 1 - ecma->at));
    ecma->at = end + 1;
    return STATUS_OK;
}

// Behind the backslash, at the first digit. PCRE2 would read \10 as octal where there is no tenth
// group; \g{10} it cannot misread.
static enum status rewrite_numbered_reference(struct ecma *ecma, struct error *err)
{
    const char *where = ecma->at - 1;
    uint32_t group = 0;
    while (is_digit(*ecma->at) && group <= MAX_GROUP)
        group = group * 10 + (uint32_t)(*ecma->at++ - '0');
    if (ecma->in_class || group > MAX_GROUP)
        return fail(ecma, where, err, "there is no such group");
    buffer_append_format(ecma->out, "\\g{%u}", group);
    return STATUS_OK;
}

// Behind "\p" or "\P": {Name} or {Name=Value}.
static enum status rewrite_property(struct ecma *ecma, char letter, struct error *err)
{
    const char *end = *ecma->at == '{' ? strchr(ecma->at, '}') : NULL;
    if (!end ||
        !pattern_property_rewrite(ecma->out, letter, ecma->at + 1, (size_t)(end - ecma->at - 1)))
        return fail(ecma, ecma->at - 2, err, "\\p takes a Unicode property: \\p{Letter}");
    ecma->at = end + 1;
    ecma->after_set = true;
    return STATUS_OK;
}

static void rewrite_space(struct ecma *ecma, bool negated)
{
    const char *inside = negated ? NOT_SPACES : SPACES;
    buffer_append_text(ecma->out, ecma->in_class ? "" : "[");
    buffer_append_text(ecma->out, inside);
    buffer_append_text(ecma->out, ecma->in_class ? "" : "]");
    ecma->after_set = true;
}

// \d \D \w \W mean the same (ASCII only) without PCRE2_UCP; \b means backspace in a class.
static enum status rewrite_letter(struct ecma *ecma, char letter, struct error *err)
{
    if (ecma->in_class && letter == 'b') {
        put_code_point(ecma, '\b');
        return STATUS_OK;
    }
    if (ecma->in_class && letter == 'B')
        return fail(ecma, ecma->at - 2, err, "\\B means nothing in a class");
    ecma->after_set = strchr("dDwW", letter) != NULL;
    buffer_append_format(ecma->out, "\\%c", letter);
    return STATUS_OK;
}

// Punctuation stands for itself behind a backslash, as does what is not ASCII.
static enum status rewrite_identity(struct ecma *ecma, char c, struct error *err)
{
    if (c == '\0')
        return fail(ecma, ecma->at - 2, err, "nothing behind the backslash");
    if (is_letter(c))
        return fail(ecma, ecma->at - 2, err, "this escape is not one of ECMA-262");
    if ((unsigned char)c < 0x80)
        put_code_point(ecma, (unsigned char)c);
    else
        ecma->at--; // copied like any other character
    return STATUS_OK;
}

// At a backslash; moves behind the escape.
static enum status rewrite_escape(struct ecma *ecma, struct error *err)
{
    char c = ecma->at[1];
    ecma->at += c ? 2 : 1;
    ecma->after_set = false;
    switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 'b':
    case 'B':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return rewrite_letter(ecma, c, err);
    case 's':
    case 'S':
        rewrite_space(ecma, c == 'S');
        return STATUS_OK;
    case 'p':
    case 'P':
        return rewrite_property(ecma, c, err);
    case 'v':
        put_code_point(ecma, '\v');
        return STATUS_OK;
    case 'u':
        return rewrite_unicode(ecma, err);
    case 'c':
        return rewrite_control(ecma, err);
    case 'x':
        return rewrite_hex(ecma, err);
    case 'k':
        return rewrite_named_reference(ecma, err);
    case '0':
        return rewrite_nul(ecma, err);
    default:
        if (!is_digit(c))
            return rewrite_identity(ecma, c, err);
        ecma->at--;
        return rewrite_numbered_reference(ecma, err);
    }
}

// One character as it is; U+0000 and what PCRE2 alone would read something into, escaped.
static void copy_character(struct ecma *ecma)
{
    if (strncmp(ecma->at, JSON_TEXT_NUL, 2) == 0) {
        put_code_point(ecma, 0);
        ecma->at += 2;
        return;
    }
    bool escaped = *ecma->at == '}' || *ecma->at == ']' || *ecma->at == '{' || *ecma->at == '[';
    if (escaped)
        buffer_append_byte(ecma->out, '\\');
    do
        buffer_append_byte(ecma->out, *ecma->at++);
    while (((unsigned char)*ecma->at & 0xC0) == 0x80);
}

static bool set_follows(const char *at)
{
    return at[0] == '\\' && at[1] && strchr("dDwWsSpP", at[1]);
}

// At '['; moves behind the ']' of the class.
static enum status rewrite_class(struct ecma *ecma, struct error *err)
{
    const char *where = ecma->at++;
    ecma->in_class = true;
    ecma->after_set = false;
    buffer_append_byte(ecma->out, '[');
    if (*ecma->at == '^')
        buffer_append_byte(ecma->out, *ecma->at++);
    while (*ecma->at != ']') {
        if (*ecma->at == '\0')
            return fail(ecma, where, err, "this class is never closed");
        if (*ecma->at == '\\') {
            TRY(rewrite_escape(ecma, err));
            continue;
        }
        if (*ecma->at == '-' && (ecma->after_set || set_follows(ecma->at + 1)))
            buffer_append_byte(ecma->out, '\\');
        ecma->after_set = false;
        copy_character(ecma);
    }
    ecma->in_class = false;
    buffer_append_byte(ecma->out, *ecma->at++);
    return STATUS_OK;
}

// At '('; moves behind what opens the group.
static enum status rewrite_group(struct ecma *ecma, struct error *err)
{
    static const char *const openings[] = { "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<" };
    if (ecma->at[1] != '?' && ecma->at[1] != '*') {
        buffer_append_byte(ecma->out, *ecma->at++);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
        size_t length = strlen(openings[i]);
        if (strncmp(ecma->at, openings[i], length) == 0) {
            buffer_append(ecma->out, ecma->at, length);
            ecma->at += length;
            return STATUS_OK;
        }
    }
    return fail(ecma, ecma->at, err,
                "a group begins with ( (?: (?= (?! (?<= (?<! or (?<name> in ECMA-262");
}

// The length of a quantifier without its '?'; 0 if there is none.
static size_t quantifier_length(const char *at)
{
    if (*at && strchr("*+?", *at))
        return 1;
    size_t digits = *at == '{' ? strspn(at + 1, "0123456789") : 0;
    if (digits == 0)
        return 0;
    const char *end = at + 1 + digits;
    if (*end == ',')
        end += 1 + strspn(end + 1, "0123456789");
    return *end == '}' ? (size_t)(end + 1 - at) : 0;
}

static enum status rewrite_quantifier(struct ecma *ecma, size_t length, struct error *err)
{
    length += ecma->at[length] == '?';
    buffer_append(ecma->out, ecma->at, length);
    ecma->at += length;
    if (quantifier_length(ecma->at) > 0)
        return fail(ecma, ecma->at, err, "a quantifier behind a quantifier");
    return STATUS_OK;
}

static enum status rewrite_next(struct ecma *ecma, struct error *err)
{
    size_t quantifier = quantifier_length(ecma->at);
    if (quantifier > 0)
        return rewrite_quantifier(ecma, quantifier, err);
    switch (*ecma->at) {
    case '\\':
        return rewrite_escape(ecma, err);
    case '[':
        return rewrite_class(ecma, err);
    case '(':
        return rewrite_group(ecma, err);
    case '.':
        buffer_append_text(ecma->out, ANY_BUT_LINE_ENDS);
        ecma->at++;
        return STATUS_OK;
    default:
        copy_character(ecma);
        return STATUS_OK;
    }
}

enum status pattern_ecma_rewrite(struct buffer *out, const char *text, struct error *err)
{
    struct ecma ecma = { .start = text, .at = text, .out = out };
    while (*ecma.at)
        TRY(rewrite_next(&ecma, err));
    return buffer_check(out, err);
}
