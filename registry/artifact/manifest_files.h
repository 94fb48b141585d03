// What a manifest says against the files that are there. Internal to manifest*.c.
#pragma once

#include "artifact/manifest_finding.h"

struct manifest_files {
    const struct manifest_reading *reading;
    bool *used; // one per file of the content: whether anything names it
};

// Adds what is wrong between the manifest and its files, for a manifest of any form: members of the
// wrong type are the schema's to report.
enum status manifest_files_check(const struct manifest_reading *reading, struct error *err);
