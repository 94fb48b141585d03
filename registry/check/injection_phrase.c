// Phrases that speak to a model instead of to people: found by their first words, then by pattern.
#include "check/injection_phrase.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "artifact/pattern.h"
#include "base/memory.h"
#include "check/injection_rows.h"
#include "check/literal_set.h"

#define ROWS_MAX 64
#define WINDOW_BYTES 320   // looked at from an anchor on: the longest phrase has half of that
#define WINDOW_STEPS 20000 // for one pattern on one window; a hundred times what they take

struct injection_phrases {
    struct pattern_scratch *scratch;
    struct pattern *patterns[ROWS_MAX]; // by row; NULL until needed
    struct literal_set *anchors;        // row by row
    struct anchor {
        unsigned char row;
        unsigned char length;
    } places[ROWS_MAX * INJECTION_ANCHORS_MAX]; // of the anchors, as the set counts them
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_word(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

static enum status add_anchors(struct injection_phrases *phrases, struct error *err)
{
    size_t count = 0;
    for (size_t row = 0; row < ROWS_MAX && injection_rows[row].rule; row++)
        for (size_t i = 0; i < INJECTION_ANCHORS_MAX && injection_rows[row].anchors[i]; i++) {
            const char *anchor = injection_rows[row].anchors[i];
            size_t length = strlen(anchor);
            TRY(literal_set_add(phrases->anchors, anchor, length, err));
            phrases->places[count++] =
                (struct anchor) { (unsigned char)row, (unsigned char)length };
        }
    return STATUS_OK;
}

enum status injection_phrase_new(struct injection_phrases **out, struct error *err)
{
    struct injection_phrases *phrases OWNED(injection_phrase_release) = NULL;
    TRY(memory_new(&phrases, 1, sizeof(*phrases), err));
    TRY(pattern_scratch_new(&phrases->scratch, err));
    TRY(literal_set_new(&phrases->anchors, true, err));
    TRY(add_anchors(phrases, err));
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
    literal_set_free(phrases->anchors);
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
    if (!phrases->patterns[row]) {
        TRY(pattern_compile_own(&phrases->patterns[row], injection_rows[row].pattern, err));
        pattern_quicken(phrases->patterns[row]);
    }
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

// How long the phrase is that begins with the anchor at the walk's place; 0 when it is none.
static enum status try_anchor(struct injection_phrases *phrases, const struct literal_walk *walk,
                              size_t *out_length, struct error *err)
{
    const struct anchor *anchor = &phrases->places[walk->literal];
    const char *at = walk->bytes + walk->at;
    bool is_word_start = walk->at == 0 || !is_word(at[0]) || !is_word(at[-1]);
    *out_length = is_word_start ? anchor->length : 0;
    if (is_word_start && injection_rows[anchor->row].pattern)
        TRY(try_row(phrases, anchor->row, at, walk->length - walk->at, out_length, err));
    return STATUS_OK;
}

enum status injection_phrase_find(struct injection_phrases *phrases, const char *bytes,
                                  size_t length, injection_phrase_report report, void *context,
                                  struct error *err)
{
    struct literal_walk walk = { .set = phrases->anchors, .bytes = bytes, .length = length };
    for (int count = 0; count < INJECTION_PHRASE_MAX && literal_set_next(&walk);) {
        const struct injection_row *row = &injection_rows[phrases->places[walk.literal].row];
        size_t found = 0;
        TRY(try_anchor(phrases, &walk, &found, err));
        if (found == 0)
            continue;
        struct injection_phrase phrase = {
            .rule = row->rule, .label = row->label, .begin = walk.at, .end = walk.at + found
        };
        TRY(report(context, &phrase, err));
        count++;
        literal_set_go_on(&walk, phrase.end);
    }
    return STATUS_OK;
}
