// A prompt rendered with each of the examples that it declares. Part of check_template.c.
#pragma once

#include "check/prompt_sections.h"

#define TEMPLATE_SAMPLE_MAX_BYTES (16U << 20) // of all examples: 100 of the longest prompt's size
#define TEMPLATE_SAMPLE_MAX_STEPS 5000000     // likewise: some 50 ms

// Also whether "variables" is a JSON Schema at all, and the examples are valid by it.
enum status template_sample_check(const struct check_subject *subject,
                                  const struct prompt_sections *sections,
                                  struct finding_list *findings, struct error *err);
