// What hold and lift share: the file of an artifact's hold on the branch `control`.
#pragma once

#include "operation/operation.h"

// Writes (text) or removes (NULL) holds/<kind>/<name>.json, as `operation`.
enum status operation_holds_commit(struct operation_call *call, const struct artifact_id *id,
                                   const char *text, const char *operation, const char *reason,
                                   struct error *err);
