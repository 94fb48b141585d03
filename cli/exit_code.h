// The exit code of each outcome; documented in docs/reference/exit-codes.md.
#pragma once

#include "base/error.h"

int exit_code_of(enum status status);
