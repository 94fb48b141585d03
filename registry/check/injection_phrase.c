// Phrases that speak to a model instead of to people: found by their first words, then by pattern.
#include "check/injection_phrase.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "artifact/pattern.h"
#include "base/memory.h"
#include "check/injection_rows.h"

#define ROWS_MAX 64
#define WINDOW_BYTES 320   // looked at from an anchor on: the longest phrase has half of that
#define WINDOW_STEPS 20000 // for one pattern on one window; a hundred times what they take
#define PAIRS 65536

struct injection_phrases {
    struct pattern_scratch *scratch;
    struct pattern *patterns[ROWS_MAX]; // by row; NULL until needed
    size_t lengths[ROWS_MAX][INJECTION_ANCHORS_MAX];
    uint8_t pairs[PAIRS / 8]; // of bytes that an anchor begins with, in either letter case
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static bool is_word(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

static size_t pair_of(char first, char second)
{
    return (size_t)(unsigned char)first << 8 | (unsigned char)second;
}

static void add_pair(struct injection_phrases *phrases, char first, char second)
{
    size_t pair = pair_of(first, second);
    phrases->pairs[pair / 8] |= (uint8_t)(1U << pair % 8);
}

static void add_anchor(struct injection_phrases *phrases, const char *anchor)
{
    add_pair(phrases, anchor[0], anchor[1]);
    add_pair(phrases, anchor[0], upper(anchor[1]));
    add_pair(phrases, upper(anchor[0]), anchor[1]);
    add_pair(phrases, upper(anchor[0]), upper(anchor[1]));
}

enum status injection_phrase_new(struct injection_phrases **out, struct error *err)
{
    struct injection_phrases *phrases OWNED(injection_phrase_release) = NULL;
    TRY(memory_new(&phrases, 1, sizeof(*phrases), err));
    TRY(pattern_scratch_new(&phrases->scratch, err));
    for (size_t row = 0; row < ROWS_MAX && injection_rows[row].rule; row++)
        for (size_t i = 0; i < INJECTION_ANCHORS_MAX && injection_rows[row].anchors[i]; i++) {
            phrases->lengths[row][i] = strlen(injection_rows[row].anchors[i]);
            add_anchor(phrases, injection_rows[row].anchors[i]);
        }
    *out = MOVE(phrases);
    return STATUS_OK;
}

void injection_phrase_free(struct injection_phrases *phrases)
{
    if (!phrases)
        return;
    for (size_t i = 0; i < ROWS_MAX; i++)
        pattern_free(phrases->patterns[i]);
    pattern_scratch_free(phrases->scratch);
    free(phrases);
}

void injection_phrase_release(struct injection_phrases **phrases)
{
    injection_phrase_free(*phrases);
    *phrases = NULL;
}

// Text as the patterns expect it, and where each of its bytes came from.
struct window {
    char text[WINDOW_BYTES];
    size_t origins[WINDOW_BYTES]; // where the byte ends, from the window's beginning
    size_t length;
};

// How many bytes of something that separates words or has no width begin here; 0 for none.
static size_t blank_length(const char *at, size_t left, bool *out_is_space)
{
    static const struct {
        const char *bytes;
        bool is_space;
    } blanks[] = {
        { " ", true },
        { "\n", true },
        { "\t", true },
        { "\r", true },
        { "\xC2\xA0", true },      // no-break space
        { "\xE3\x80\x80", true },  // ideographic space
        { "\xC2\xAD", false },     // soft hyphen
        { "\xE2\x80\x8B", false }, // zero-width space
        { "\xE2\x80\x8C", false }, // zero-width non-joiner
        { "\xE2\x80\x8D", false }, // zero-width joiner
        { "\xE2\x81\xA0", false }, // word joiner
        { "*", false },            // emphasis, in Markdown
    };
    for (size_t i = 0; i < COUNT_OF(blanks); i++) {
        size_t length = strlen(blanks[i].bytes);
        if (left >= length && memcmp(at, blanks[i].bytes, length) == 0) {
            *out_is_space = blanks[i].is_space;
            return length;
        }
    }
    return 0;
}

static void fill(struct window *window, const char *bytes, size_t length)
{
    size_t at = 0;
    window->length = 0;
    while (at < length) {
        bool is_space = false;
        size_t blank = blank_length(bytes + at, length - at, &is_space);
        size_t character = 1;
        while (!blank && at + character < length &&
               ((unsigned char)bytes[at + character] & 0xC0) == 0x80)
            character++;
        if (window->length + character > WINDOW_BYTES)
            return;
        if (is_space && (window->length == 0 || window->text[window->length - 1] != ' ')) {
            window->text[window->length] = ' ';
            window->origins[window->length++] = at + blank;
        }
        for (size_t i = 0; !blank && i < character; i++) {
            window->text[window->length] = lower(bytes[at + i]);
            window->origins[window->length++] = at + i + 1;
        }
        at += blank ? blank : character;
    }
}

// Whether the row's pattern matches from the anchor at `at` on; sets where the phrase ends.
static enum status try_row(struct injection_phrases *phrases, size_t row, const char *at,
                           size_t left, size_t *out_length, struct error *err)
{
    struct error fault = { 0 };
    struct window window;
    struct pattern_match match = { 0 };
    bool found = false;
    uint64_t steps = WINDOW_STEPS;
    if (!phrases->patterns[row])
        TRY(pattern_compile_own(&phrases->patterns[row], injection_rows[row].pattern, err));
    fill(&window, at, left < 2 * (size_t)WINDOW_BYTES ? left : 2 * (size_t)WINDOW_BYTES);
    struct pattern_text text = { window.text, window.length };
    enum status status = pattern_find(&found, &match, phrases->patterns[row], phrases->scratch,
                                      &text, 0, &steps, &fault);
    if (status == STATUS_NO_MEMORY) {
        *err = fault;
        return status;
    }
    *out_length = status == STATUS_OK && found && match.end > 0 ? window.origins[match.end - 1] : 0;
    return STATUS_OK;
}

// The rows whose anchor begins at `at`, until one matches: its phrase's length, or 0.
static enum status try_anchors(struct injection_phrases *phrases, const char *at, size_t left,
                               size_t *out_row, size_t *out_length, struct error *err)
{
    *out_length = 0;
    for (size_t row = 0; row < ROWS_MAX && injection_rows[row].rule && !*out_length; row++) {
        const struct injection_row *it = &injection_rows[row];
        size_t i = 0;
        while (i < INJECTION_ANCHORS_MAX && it->anchors[i] &&
               (lower(at[0]) != it->anchors[i][0] || left < phrases->lengths[row][i] ||
                strncasecmp(at, it->anchors[i], phrases->lengths[row][i]) != 0))
            i++;
        if (i == INJECTION_ANCHORS_MAX || !it->anchors[i])
            continue;
        *out_row = row;
        *out_length = phrases->lengths[row][i];
        if (it->pattern)
            TRY(try_row(phrases, row, at, left, out_length, err));
    }
    return STATUS_OK;
}

enum status injection_phrase_find(struct injection_phrases *phrases, const char *bytes,
                                  size_t length, injection_phrase_report report, void *context,
                                  struct error *err)
{
    int count = 0;
    for (size_t at = 0; at + 1 < length && count < INJECTION_PHRASE_MAX; at++) {
        size_t pair = pair_of(bytes[at], bytes[at + 1]);
        size_t row = 0;
        size_t found = 0;
        if (!(phrases->pairs[pair / 8] & 1U << pair % 8) ||
            (at > 0 && is_word(bytes[at]) && is_word(bytes[at - 1])))
            continue;
        TRY(try_anchors(phrases, bytes + at, length - at, &row, &found, err));
        if (found == 0)
            continue;
        struct injection_phrase phrase = { .rule = injection_rows[row].rule,
                                           .label = injection_rows[row].label,
                                           .begin = at,
                                           .end = at + found };
        TRY(report(context, &phrase, err));
        count++;
        at += found - 1;
    }
    return STATUS_OK;
}
