// One approval on its way: signed here or elsewhere, then kept in the sandbox.
#pragma once

#include "operation/operation.h"
#include "operation/operation_target.h"

// Starts as {0}.
struct operation_approval {
    struct artifact_id id;
    struct digest digest;
    struct buffer text; // the statement, as it was signed
    struct buffer signature;
    int64_t expires;
};
void operation_approval_release(struct operation_approval *approval);

// STATUS_REFUSED when it would not count for the target: the approver hears it now.
enum status operation_approval_check(const struct operation_approval *approval,
                                     const struct operation_target *target, struct error *err);

// What was signed elsewhere, from the call's input: a whole statement about the draft that the
// input names, and a signature that holds. Whether the signer may approve is for the live
// environment to say, which said so when it was signed, and says it again at the gate.
enum status operation_approval_read(struct operation_approval *out, struct operation_call *call,
                                    struct error *err);

// Keeps it as evidence, within the sandbox's frame; sets "record" in the call's output.
enum status operation_approval_keep(struct operation_call *call,
                                    const struct operation_approval *approval, struct error *err);
