// Requests that were done, for a while: whoever did not get the answer asks again, and nothing is
// done twice.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "base/buffer.h"
#include "base/error.h"
#include "ledger/ledger.h"

struct request_row {
    const char *key;     // whose, and the word they chose for it
    struct digest input; // of all that was asked
    const char *answer;  // JSON
    int64_t expires;     // seconds since 1970
};

// What was answered to that key, unless it expired: *out_found, the input it belongs to, and the
// answer appended. Within a transaction.
enum status request_find(struct ledger *ledger, const char *key, int64_t now, bool *out_found,
                         struct digest *out_input, struct buffer *out_answer, struct error *err);

// Keeps one, and forgets those that expired. Within the transaction of what was done.
enum status request_put(struct ledger *ledger, const struct request_row *row, int64_t now,
                        struct error *err);
