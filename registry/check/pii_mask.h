// Masked copies: personal data replaced by stand-ins that are nobody's.
#pragma once

#include "check/pii_detector.h"

struct pii_mask_text {
    const char *bytes; // any bytes at all
    size_t length;
    enum pii_form form;
};

// Appends a copy of the bytes in which every span that the detector finds and does not allow is
// replaced: an e-mail address by one at example.com, a phone number by one that is reserved for
// fiction, a card number by a test number, and so on, in the form of the original. What comes out
// is looked at again: nothing that is not allowed is left in it. The same value always gets the
// same stand-in, here and in any other text, so that masked texts still fit each other; it is drawn
// from the value's SHA-256 alone, so who can guess a value can tell that it was there. What was
// JSON, or a line of JSON, still is. *out_count (may be NULL) is how many were replaced.
//
// STATUS_REFUSED with code "mask_breaks_json" when two keys of a JSON object would become the same,
// or "mask_incomplete"; else statuses as pii_detector_scan. On failure `out` may have got a part.
enum status pii_mask_bytes(struct buffer *out, size_t *out_count, struct pii_detector *detector,
                           const struct pii_mask_text *text, struct error *err);
