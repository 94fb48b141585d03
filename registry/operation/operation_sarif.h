// Findings as SARIF 2.1.0 (OASIS), so that editors and CI systems show them in place.
#pragma once

#include "artifact/json.h"

// The log of one run, from check's output {"artifacts":[{"artifact","findings":[…]}]}. `folder` is
// what the files stand in as seen from where the command runs, or "". NULL when memory ran out. The
// caller frees it.
struct json *operation_sarif_document(const struct json *checked, const char *folder);
