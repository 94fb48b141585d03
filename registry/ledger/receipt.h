// Receipts: which release a call was given, when, by which key. Kept for questions that come later;
// no decision rests on them, so the table is made when the first is written, and the oldest go.
#pragma once

#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"
#include "ledger/ledger.h"

#define RECEIPT_MAX_ROWS 1000000 // some 200 MB; then the oldest go

// Strings are borrowed, as in index.h.
struct receipt {
    const char *call;     // the caller's own name for it
    const char *artifact; // "kind/name"
    uint32_t version;
    struct digest digest;
    const char *key; // id of the key that asked
    int64_t time;
};

// Within a transaction: makes the table where there is none; before the first append of each.
enum status receipt_begin(struct ledger *ledger, struct error *err);
enum status receipt_append(struct ledger *ledger, const struct receipt *receipt, struct error *err);
typedef enum status (*receipt_visit)(void *context, const struct receipt *receipt,
                                     struct error *err);
// What one call was given, in the order in which it was noted; nothing where nothing ever was.
enum status receipt_each(struct ledger *ledger, const char *call, receipt_visit visit,
                         void *context, struct error *err);

// Lets the oldest go, down to `max_rows`.
enum status receipt_trim(struct ledger *ledger, int64_t max_rows, struct error *err);
