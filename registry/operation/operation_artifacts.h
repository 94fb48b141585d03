// The artifacts in what an author hands over.
#pragma once

#include "artifact/infer.h"
#include "operation/operation.h"

// Takes the call's content: one artifact as it stands where there is a manifest, else what is made
// of it under the name that the input gives as "as".
enum status operation_artifacts_split(struct infer_results *artifacts, struct operation_call *call,
                                      struct error *err);
