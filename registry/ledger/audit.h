// The audit's rows: append-only and hash-chained. What is hashed is decided above (release/): here
// rows are kept in order and read back.
#pragma once

#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"
#include "ledger/ledger.h"

// Strings are borrowed, as in index.h.
struct audit_row {
    int64_t sequence;       // from 1, without gaps
    const char *entry;      // canonical JSON: time, actor, operation, artifacts, outcome, detail
    struct digest previous; // hash of the row before; zeros for the first
    struct digest hash;
};

// The last row's sequence and hash; 0 and zeros when empty.
enum status audit_head(struct ledger *ledger, int64_t *out_sequence, struct digest *out_hash,
                       struct error *err);

// Appends exactly sequence = head + 1 with previous = head's hash; STATUS_DAMAGED otherwise.
enum status audit_append(struct ledger *ledger, const struct audit_row *row, struct error *err);

typedef enum status (*audit_visit)(void *context, const struct audit_row *row, struct error *err);

// Rows from `first` on, oldest first.
enum status audit_each(struct ledger *ledger, int64_t first, audit_visit visit, void *context,
                       struct error *err);
