// Findings that stand at a member of the manifest.
#pragma once

#include "artifact/schema.h"
#include "check/check.h"

struct manifest_note {
    enum severity severity;
    const char *rule;
    const char *pointer; // RFC 6901, into the manifest
    const char *mend;
};

// Where nothing stands at `pointer` itself, say a member that is missing, the finding stands at
// what it would be in.
enum status manifest_note_add(const struct check_subject *subject, struct finding_list *findings,
                              const struct manifest_note *note, struct error *err,
                              const char *format, ...) __attribute__((format(printf, 5, 6)));

// A draft may have it; what goes live may not.
enum severity manifest_note_severity(const struct check_subject *subject);

// Compiles the JSON Schema at `note->pointer`. What is none becomes that note, at the very place
// that is wrong, and leaves *out NULL, as does a manifest without one.
enum status manifest_note_compile(struct schema **out, const struct check_subject *subject,
                                  struct finding_list *findings, const struct manifest_note *note,
                                  struct error *err);
