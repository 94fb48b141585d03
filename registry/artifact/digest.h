// The digest that names content: "sha256:" and 64 hex digits. How it is made of files stands with
// content (artifact/content.h); the hashing itself is trust's (trust/hash.h).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define DIGEST_BYTES 32
#define DIGEST_HEX_BYTES (2 * DIGEST_BYTES + 1)
#define DIGEST_TEXT_BYTES (7 + DIGEST_HEX_BYTES) // "sha256:" in front

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

void digest_format(const struct digest *digest, char out[DIGEST_TEXT_BYTES]);
void digest_format_hex(const struct digest *digest, char out[DIGEST_HEX_BYTES]);

// "sha256:" and 64 lower-case hex digits; STATUS_INVALID otherwise.
enum status digest_parse(struct digest *out, const char *text, struct error *err);

bool digest_equal(const struct digest *a, const struct digest *b);
