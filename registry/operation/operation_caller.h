// A caller from elsewhere: who it is and what it may, by the key that it shows.
#pragma once

#include "artifact/id.h"
#include "operation/operation.h"
#include "release/control.h"

// What the runner keeps of such a caller for the time of the call.
struct operation_caller {
    struct request_row request; // with its two texts, while the write is under way
    struct buffer request_key;
    struct buffer answer;
    struct control control; // as of now, so that a key that was revoked is of no use at once
    const struct control_key *key;
    struct operation_signing *signing;
};
void operation_caller_free(struct operation_caller *caller);

// Finds the bearer's key in the call's environment; the caller acts as the key's owner, in the
// key's role. STATUS_UNAUTHENTICATED, the same whatever is wrong with the key.
enum status operation_caller_authenticate(struct operation_call *call, struct error *err);

// Whether a key of some artifacts only may run this row on what its input names. STATUS_FORBIDDEN.
enum status operation_caller_check(const struct operation *operation,
                                   const struct operation_call *call, struct error *err);

// For operations that learn only from their content what they act on: STATUS_FORBIDDEN when the
// caller's key does not reach the artifact. Who has the files reaches all.
enum status operation_caller_covers(const struct operation_call *call, const struct artifact_id *id,
                                    struct error *err);

// Whether the caller's key reaches every artifact.
bool operation_caller_covers_all(const struct operation_call *call);
