// Masked copies: personal data replaced by stand-ins that are nobody's.
#pragma once

#include "check/pii_detector.h"

// Appends a copy of the bytes in which every span that the detector finds and does not allow is
// replaced: an e-mail address by one at example.com, a phone number by one that is reserved for
// fiction, a card number by a test number, and so on, in the form of the original. The same value
// always gets the same stand-in, here and in any other text, so that masked texts still fit each
// other; it is drawn from the value's SHA-256 alone, so who can guess a value can tell that it was
// there. JSON stays JSON. *out_count (may be NULL) is how many were replaced. On failure `out` may
// have got a part. Statuses as pii_detector_scan.
enum status pii_mask_bytes(struct buffer *out, size_t *out_count, struct pii_detector *detector,
                           const char *bytes, size_t length, enum pii_form form, struct error *err);
