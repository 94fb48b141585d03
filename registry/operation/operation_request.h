// A request that carries a key of its own (HTTP's Idempotency-Key): asked again, it is answered as
// it was, and not done again. The key belongs to who asks, and to what was asked.
#pragma once

#include "operation/operation.h"

// Answers are kept as long as somebody may still try again.
#define OPERATION_REQUEST_SECONDS 86400

// Before anything is taken from the call: notes what is asked. Signatures are no part of it: they
// differ from try to try.
enum status operation_request_begin(const struct operation *operation, struct operation_call *call,
                                    struct error *err);

// Within the write's frame, before it runs: fills the output when it was done before.
// STATUS_REFUSED (code "request_key_reused") when something else was asked with the key;
// STATUS_CONFLICT (code "answer_not_kept") when the answer held a secret.
enum status operation_request_find(const struct operation *operation, struct operation_call *call,
                                   bool *out_is_done, struct error *err);

// In the same frame, after it ran with its moves of refs held: the answer is durable exactly if
// what was done is, also when the process dies between the branch's move and the ledger's commit.
enum status operation_request_keep(const struct operation *operation, struct operation_call *call,
                                   struct error *err);
