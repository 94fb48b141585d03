// What the approver operations share: the file `approvers` of the branch `control`, written back.
#pragma once

#include "operation/operation.h"
#include "release/control.h"

// Who is an approver already may sign a change of the list; without that, `verify` shows it.
#define OPERATION_APPROVERS_SIGNER                                                                 \
    {                                                                                              \
        "sign-with", "--sign-with", "SSH-KEY",                                                     \
            "the key of somebody who is an approver already; without it `verify` shows the "       \
            "change",                                                                              \
            FIELD_SIGNER, false                                                                    \
    }

// Commits the changed list, as `operation` ("approver add") on `name`; with the call's signer, who
// has to be an approver before the change, if it has one.
enum status operation_approvers_commit(struct operation_call *call,
                                       const struct allowed_signers *approvers,
                                       const char *operation, const char *name, struct error *err);

// {"name","key","fingerprint","valid_before"?} of one line.
enum status operation_approvers_describe(struct json *object, const struct allowed_signer *signer,
                                         struct error *err);
