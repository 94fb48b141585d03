// Checks everything at rest, from scratch: objects, drafts, releases, tags, signatures, the index
// and the audit. What is wrong becomes findings; the walk goes on to the end.
#pragma once

#include <stdint.h>

#include "artifact/finding.h"
#include "base/error.h"
#include "release/environment.h"

struct inspect_counts {
    uint64_t objects;
    uint64_t drafts;   // versions
    uint64_t releases; // versions
    uint64_t live;     // artifacts
    int64_t audit_rows;
};

// STATUS_OK when everything could be looked at, whatever was found.
enum status inspect_environment(struct environment *environment, struct inspect_counts *out,
                                struct finding_list *findings, struct error *err);
