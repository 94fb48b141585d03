// What the approver operations share: the file `approvers` of the branch `control`, written back.
#pragma once

#include "operation/operation.h"
#include "release/control.h"

// Commits the changed list, as `operation` ("approver add") on `name`.
enum status operation_approvers_commit(struct operation_call *call,
                                       const struct allowed_signers *approvers,
                                       const char *operation, const char *name, struct error *err);

// {"name","key","fingerprint","valid_before"?} of one line.
enum status operation_approvers_describe(struct json *object, const struct allowed_signer *signer,
                                         struct error *err);
