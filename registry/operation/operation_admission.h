// What promote, admit and plan share: a seal at production's door.
#pragma once

#include "operation/operation.h"
#include "release/seal.h"

// The fields of break-glass, for the rows of promote and admit.
#define OPERATION_ADMISSION_FIELDS                                                                 \
    { "break-glass",                                                                               \
      "--break-glass",                                                                             \
      "REASON",                                                                                    \
      "an emergency: pass the policy's items, approvals and freeze; needs a second signature",     \
      FIELD_TEXT,                                                                                  \
      false },                                                                                     \
    {                                                                                              \
        "second-sign-with", "--second-sign-with", "SSH-KEY",                                       \
            "with --break-glass: the key of a second approver", FIELD_SECOND_SIGNER, false         \
    }

// Admits the seal within a write's frame and fills the call's output:
// {"commit","releases":[{"artifact","version","digest","tag","state":"live"|"unchanged"}]}.
enum status operation_admission_run(struct operation_call *call, const char *operation,
                                    const struct seal *seal, struct error *err);
