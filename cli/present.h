// Results for people: plain lines on standard output, diagnostics on standard error, colour only on
// a terminal.
#pragma once

#include "artifact/finding.h"
#include "operation/operation.h"

void present_result(const struct operation *operation, const struct json *output,
                    const char *output_path);
void present_findings(const struct finding_list *findings);
void present_error(const struct error *err);
