// What reject and withdraw-approval share: an unsigned record about one draft, or the environment.
#pragma once

#include "operation/operation.h"
#include "release/evidence.h"

// What the record is about. Starts as {0}.
struct operation_remark_subject {
    struct artifact_id id; // version 0: the environment
    struct digest digest;
    char folder[ID_TEXT_BYTES]; // of its evidence
};

// The draft of that address; NULL: the environment. STATUS_NOT_FOUND when there is no such draft.
enum status operation_remark_find(struct operation_remark_subject *out, struct operation_call *call,
                                  const char *artifact, struct error *err);

// Keeps {"format","type","artifact","digest","author","time", <key>: <value>} as evidence, without
// artifact and digest when it is about the environment, and fills the output. Taking permission
// away asks for no signature.
enum status operation_remark_add(struct operation_call *call,
                                 const struct operation_remark_subject *subject,
                                 enum evidence_type type, const char *key, const char *value,
                                 struct error *err);
