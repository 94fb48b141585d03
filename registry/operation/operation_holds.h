// What hold and lift share: the file of an artifact's hold on the branch `control`.
#pragma once

#include "operation/operation.h"
#include "release/control.h"

// Writes (text) or removes (NULL) holds/<kind>/<name>.json, as `operation`, signed with the call's
// signer, who has to be an approver by `control`.
enum status operation_holds_commit(struct operation_call *call, const struct control *control,
                                   const struct artifact_id *id, const char *text,
                                   const char *operation, const char *reason, struct error *err);
