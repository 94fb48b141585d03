// Characters that nobody sees and a model reads: where they stand without a script's need for them.
//
// Sources: Unicode Standard 15, chapters 9, 12 and 23 (joiners, bidirectional controls, tags);
// UTS #51 (emoji sequences); N. Boucher and R. Anderson, Trojan Source (2021).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum hidden_character_kind {
    HIDDEN_TAG,           // U+E0000-E007F: a second, invisible alphabet
    HIDDEN_BIDI_OVERRIDE, // U+202D, U+202E: letters shown in another order than they are read
    HIDDEN_BIDI_CONTROL,  // the others, on a line that has no right-to-left letters
    HIDDEN_ZERO_WIDTH,    // joiners and spaces of no width, fillers, strings of variation selectors
};

// A run of characters of one kind.
struct hidden_character {
    enum hidden_character_kind kind;
    uint32_t first; // its first character
    size_t offset;
    size_t count;
};

// A walk over text that is UTF-8; starts with `bytes` and `length` alone set.
struct hidden_character_walk {
    const char *bytes;
    size_t length;
    size_t at;
    uint32_t before; // the character before `at`, 0 at the beginning
    size_t line_end; // of the line that was looked through for right-to-left letters
    bool is_right_to_left;
};

// False at the end. Takes time in proportion to the length.
bool hidden_character_next(struct hidden_character_walk *walk, struct hidden_character *out);
