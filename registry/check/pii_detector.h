// Finds personal data in a text, by the rules in schema/pii.json. It lists all it sees, strictly;
// whether a place matters is for others to say (check_personal_data.c; `allowed` tells them what
// belongs to nobody).
#pragma once

#include "check/pii_spans.h"
#include "check/pii_text.h"

// Holds the rules, compiled as they are needed. One thread at a time.
struct pii_detector;

enum status pii_detector_new(struct pii_detector **out, struct error *err);

// The same with rules of the form of schema/pii.json, for tests of rules.
enum status pii_detector_new_of(struct pii_detector **out, const char *rules, size_t length,
                                struct error *err);
void pii_detector_free(struct pii_detector *detector);
void pii_detector_release(struct pii_detector **detector); // for OWNED

// Adds the spans of any bytes at all to an empty list; `form` is that of the file
// (pii_text_form_of(path)). Linear in the length. The spans' rules and reasons are borrowed from
// the detector. STATUS_TOO_LARGE when there is more text (PII_TEXT_MAX_BYTES), more spans
// (PII_SPANS_MAX) or more work than is allowed.
enum status pii_detector_scan(struct pii_detector *detector, struct pii_spans *out,
                              const char *bytes, size_t length, enum pii_form form,
                              struct error *err);
