// Many literals looked for in one walk over a text, so that what costs more (a regular expression)
// is run only where its words stand.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define LITERAL_SET_MAX 4096  // literals in one set
#define LITERAL_LEAST_BYTES 2 // of one of them: they are told apart by their first pair of bytes

struct literal_set;

// Starts a set; one that `folds` takes ASCII letters in either case for the same.
enum status literal_set_new(struct literal_set **out, bool folds, struct error *err);
void literal_set_free(struct literal_set *set);
void literal_set_release(struct literal_set **set); // for OWNED

// Adds a literal, borrowed, of at least LITERAL_LEAST_BYTES.
// STATUS_INVALID when it is shorter, or one too many.
enum status literal_set_add(struct literal_set *set, const char *literal, size_t length,
                            struct error *err);

// A walk over one text: set `set`, `bytes` and `length`, and start the rest as 0.
struct literal_walk {
    const struct literal_set *set;
    const char *bytes;
    size_t length;
    size_t at;      // where the literal that was found begins
    size_t literal; // which it is, counted from 0 in the order of adding
    unsigned short place;
};

// The next literal: by place, and at one place in the order of adding. False at the end. Any number
// of threads may walk with one set.
bool literal_set_next(struct literal_walk *walk);

// Goes on at `at` instead.
void literal_set_go_on(struct literal_walk *walk, size_t at);
