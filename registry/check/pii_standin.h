// Stand-ins for personal data: of the same kind and, as far as it goes, of the same form, but
// nobody's. Internal to pii_*.c.
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "check/pii_entity.h"
#include "trust/hash.h"

struct pii_original {
    enum pii_entity entity;
    const char *value; // its one form (pii_spans_value): the same value gets the same stand-in
    const char *text;  // as it was written, plain (pii_text.h): its form is kept
};

// Appends the stand-in: ASCII without quotes or backslashes, and digits alone where there were
// digits alone, so that it may stand wherever the original stood.
enum status pii_standin_append(struct buffer *out, const struct pii_original *original,
                               struct error *err);
