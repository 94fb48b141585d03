// Signatures by a person who is elsewhere: the key stays there. A row's FIELD_SIGNER stands in the
// input as what was signed with it so far:
//
//   "sign-with": {}                                      I will sign: tell me what
//   "sign-with": {"time": "2026-…Z", "signatures": [{"digest": "sha256:…", "signature": "-----…"}]}
//
// The operation runs until it needs a signature that is not there. Then nothing has happened, the
// error's code is "signature_needed", and call->to_sign says what is to be signed:
//
//   {"sign-with": {"time": "2026-…Z", "items": [{"namespace": "git", "what": "live",
//                                               "digest": "sha256:…", "bytes": "<base64>"}]}}
//
// The same call again, with that time and the signatures, makes the same bytes again and goes on.
// Nothing is kept in between, and nothing of it is trusted: what was signed counts only if it is,
// byte for byte, what this run wants signed. If something else happened meanwhile the bytes differ,
// and the answer is STATUS_CONFLICT, code "state_moved".
#pragma once

#include "operation/operation.h"

struct operation_signing;
void operation_signing_free(struct operation_signing *signing);

// A signature has to be back in this time.
#define OPERATION_SIGNING_SECONDS 900

// Sets the call's signers from its input. STATUS_INVALID when they are not of that form,
// STATUS_CONFLICT (code "signature_late") when the time is too long ago.
enum status operation_signing_begin(const struct operation *operation, struct operation_call *call,
                                    struct error *err);
