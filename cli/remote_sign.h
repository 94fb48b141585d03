// Signatures that a server asks for, made here.
#pragma once

#include <stdbool.h>

#include "operation/operation.h"

// The call's signer behind a field; NULL when the field is none, or no key was named.
const struct live_signer *remote_sign_with(const struct operation_call *call,
                                           const struct operation_field *field);

// Signs every item of call->to_sign and puts the signatures into the input. STATUS_REFUSED (code
// "signing_refused") for what has nothing to do with the operation.
enum status remote_sign_items(struct json *input, const struct operation *operation,
                              const struct operation_call *call, struct error *err);

// Forgets what was signed so far: it will be other bytes.
void remote_sign_forget(struct json *input, const struct operation *operation,
                        const struct operation_call *call);
