// Lines and columns of byte offsets, for findings: one walk over a file, offset by offset.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct place {
    size_t offset;
    uint32_t line;   // from 1, by line feed
    uint32_t column; // from 1, in code points
};

#define PLACE_START ((struct place) { .line = 1, .column = 1 })

// Moves on to `offset`, which must not be before the place.
void place_advance(struct place *place, const char *bytes, size_t offset);
