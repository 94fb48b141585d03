// The rows of the table of checks: each stands in the file of its name.
#pragma once

#include "check/check.h"

// A tool's schemas are schemas, and its examples are what they say.
enum status check_tool_schema_run(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err);

// Everything that a prompt or tool uses is there; at the gate, it is live.
enum status check_uses_run(const struct check_subject *subject, struct finding_list *findings,
                           struct error *err);
