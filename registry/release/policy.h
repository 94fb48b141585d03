// Policies: what a promotion into an environment needs. They stand in schema/policy-<name>.json and
// are copied into an environment's branch `control` when it is made.
#pragma once

#include "base/error.h"

// The text of a built-in policy by name ("minimal"); static. STATUS_NOT_FOUND.
enum status policy_find(const char **out_text, const char *name, struct error *err);
