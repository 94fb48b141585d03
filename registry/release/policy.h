// Policies: what a promotion into an environment needs. They stand in schema/policy-<name>.json and
// are copied into an environment's branch `control` when it is made.
#pragma once

#include <stddef.h>

#include "artifact/finding.h"
#include "artifact/json.h"
#include "base/error.h"

// Reads a policy and holds it to schema/policy.schema.json; everything wrong with it becomes a
// finding. STATUS_REFUSED then. The caller frees *out.
enum status policy_parse(struct json **out, const char *text, size_t length,
                         struct finding_list *findings, struct error *err);

// The text of a built-in policy by name ("minimal"); static. STATUS_NOT_FOUND.
enum status policy_find(const char **out_text, const char *name, struct error *err);
