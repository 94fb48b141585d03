// Whether somebody else has had a hand in how the audit is kept: with a trigger of their own, rows
// would vanish on their way in, and the chain of those that are left would be whole.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "ledger/ledger.h"

#define ALTERATION_BYTES 120

// Compares what the file says of its triggers and views, of the table of the audit and of its
// indexes with what schema/ledger.sql makes. *out_is_altered; then `out` says by what, "trigger
// quiet is not as Greenroom made it".
enum status alteration_find(struct ledger *ledger, bool *out_is_altered, char out[ALTERATION_BYTES],
                            struct error *err);
