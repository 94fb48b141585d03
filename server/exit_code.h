// The one place where a status of the server becomes its exit code; the same codes as the command
// line's.
#pragma once

#include "base/error.h"

int exit_code_of(enum status status);
