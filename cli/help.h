// Help, made from the operation table.
#pragma once

#include "base/buffer.h"
#include "operation/operation.h"

// Prints the list of commands, or with `operation` what that one takes. Returns the exit code.
int help_print(const struct operation *operation);

// "greenroom publish PATH [--as KIND/NAME] [-m NOTE]"
void help_append_usage(struct buffer *out, const struct operation *operation);
