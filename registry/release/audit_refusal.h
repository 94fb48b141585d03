// Refusals of keys, as entries of the audit: who was not let in or may not sign, and why. Never the
// key itself.
#pragma once

#include <stdint.h>

#include "artifact/json.h"
#include "base/error.h"
#include "ledger/ledger.h"

// Strings are borrowed; NULL ones are left out.
struct audit_refusal {
    const char *operation; // what was asked for
    const char *actor;
    const char *key; // a bearer key's id, or the beginning of the SHA-256 of one that is not known
    const char *reason;
    const struct json *artifacts; // a text or an array of texts; NULL: none is named
    int64_t count;                // how many times
    int64_t first;                // the first and the last time, when `count` is more than 1
    int64_t last;
};

// Appends its entry (`outcome` is "refused"), within a ledger's transaction.
enum status audit_refusal_append(struct ledger *ledger, const char *environment_id,
                                 const struct audit_refusal *refusal, struct error *err);
