// What crosses from a sandbox, sealed and opened: proved anew, exactly as if it had been carried as
// a file, wherever it comes from.
#pragma once

#include "operation/operation.h"
#include "release/seal.h"

// Starts as {0}.
struct operation_sealed {
    struct environment *opened; // the sandbox, when its folder was named
    struct content content;     // the seal's files, made here
    struct seal seal;
};
void operation_sealed_release(struct operation_sealed *source);

// The artifacts, sealed: from the seal that came with the call; else from the sandbox, or, when
// that is NULL, from the folder that the input names as "from". STATUS_INVALID (code
// "seal_mismatch") when the seal that came holds other artifacts.
enum status operation_sealed_open(struct operation_sealed *out, struct operation_call *call,
                                  struct environment *sandbox, const struct artifact_id *ids,
                                  size_t count, struct error *err);
