// Parts of an operation's input, read.
#pragma once

#include <stddef.h>

#include "artifact/id.h"
#include "operation/operation.h"

// The list under `name` as ids with versions, none twice; the caller frees it.
enum status operation_input_versions(struct artifact_id **out, size_t *out_count,
                                     const struct operation_call *call, const char *name,
                                     struct error *err);

// What a FIELD_DOCUMENT is called in messages: its path, or "standard input". Borrowed.
const char *operation_input_label(const struct operation_call *call, const char *name);
