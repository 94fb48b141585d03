// The table of phrases. Internal to injection_*.c.
#pragma once

#define INJECTION_ANCHORS_MAX 16

// Where one of the anchors begins a word, the pattern is tried from there on: ECMA-262, on text in
// lower case (ASCII) whose white space is single spaces and whose zero-width characters are gone.
struct injection_row {
    const char *rule;
    const char *label;
    const char *anchors[INJECTION_ANCHORS_MAX]; // lower case, at least two bytes; NULL ends them
    const char *pattern;                        // NULL: the anchor says it all
};

// Ended by a NULL rule.
extern const struct injection_row injection_rows[];
