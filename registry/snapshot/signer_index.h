// Who may sign, in a form that a hundred thousand releases can be compared with at once. Inside
// snapshot/ only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "trust/allowed_signers.h"

// Immutable once made.
struct signer_index {
    size_t count;
    struct signer_span {
        char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
        int64_t valid_after; // as in allowed_signers.h
        int64_t valid_before;
    } spans[];
};

// free() lets it go.
enum status signer_index_new(struct signer_index **out, const struct allowed_signers *signers,
                             struct error *err);

// Whether that key might sign at that time.
bool signer_index_admits(const struct signer_index *index, const char *fingerprint, int64_t time);

// Whether somebody who might sign by `before` may not, for some time, by `after`.
bool signer_index_lost(const struct signer_index *before, const struct signer_index *after);
