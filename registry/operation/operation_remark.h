// What reject and withdraw-approval share: an unsigned record about one draft.
#pragma once

#include "operation/operation.h"
#include "release/evidence.h"

// Keeps {"format","type","artifact","digest","author","time", <key>: <value>} as evidence of the
// draft that the input names, and fills the output. Taking permission away asks for no signature.
enum status operation_remark_add(struct operation_call *call, enum evidence_type type,
                                 const char *key, const char *value, struct error *err);
