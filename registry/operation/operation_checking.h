// Checks what was handed over, or a version, and says what is wrong: what check and watch share.
#pragma once

#include "operation/operation.h"

// Takes the version that "subject" of the input names, or else the call's content; "as" and "to"
// are as of check. Sets "artifacts" (a list of "artifact" and "findings") and "passed" in `output`,
// and the call's is_refusal.
enum status operation_checking_run(struct operation_call *call, struct json *output,
                                   struct error *err);
