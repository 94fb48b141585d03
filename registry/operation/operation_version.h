// A version that an operation's input names, found: its row copied, its content opened.
#pragma once

#include "artifact/content.h"
#include "base/error.h"
#include "ledger/index.h"
#include "operation/operation.h"

// A row with strings of its own. Starts as {0}.
struct operation_version {
    struct index_version row;
    char *strings[6]; // what row's pointers point at
};
void operation_version_release(struct operation_version *version);

// The version named by `text` ("KIND/NAME@V"); without @V the live one in a live environment, the
// latest in a sandbox. STATUS_NOT_FOUND says what there is instead.
enum status operation_version_find(struct operation_version *out, struct operation_call *call,
                                   const char *text, struct error *err);

// Its content, sealed and hashed; STATUS_DAMAGED when it does not have the row's digest.
enum status operation_version_content(struct content *out, struct operation_call *call,
                                      const struct operation_version *version, struct error *err);
