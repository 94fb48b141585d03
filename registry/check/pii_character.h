// Single characters of a text as the detectors read them. Internal to pii_*.c.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "check/pii_text.h"

#define PII_CHARACTER_BAD 0x1AU       // stands for what is no character
#define PII_CHARACTER_NONE UINT32_MAX // nothing stands for it

// The character that begins at `at` (before `end`), with the escapes of the form decoded. Returns
// how many bytes it takes up, at least 1.
size_t pii_character_read(uint32_t *out, const char *at, const char *end, enum pii_form form);

// The plain character that stands for it: 5 for a full-width 5; PII_CHARACTER_NONE for a
// zero-width one.
uint32_t pii_character_plain(uint32_t character);

void pii_character_append(struct buffer *out, uint32_t character);
