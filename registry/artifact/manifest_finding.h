// Findings about an artifact while its manifest is read. Internal to manifest*.c.
#pragma once

#include "artifact/manifest.h"

// One reading of one manifest. Everything is borrowed.
struct manifest_reading {
    const struct content *content;
    const struct manifest *manifest; // its document is an object of a known kind
    struct finding_list *findings;
};

struct manifest_finding {
    enum severity severity;
    const char *rule;
    const char *pointer; // RFC 6901, into the manifest; the finding stands there
    const char *mend;
};

// Adds a finding that stands at a member of the manifest.
enum status manifest_finding_add(const struct manifest_reading *reading,
                                 const struct manifest_finding *what, struct error *err,
                                 const char *format, ...) __attribute__((format(printf, 4, 5)));
