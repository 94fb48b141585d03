// Whether a prompt's openings say what they must disclose. Part of check_readiness.c.
#pragma once

#include "check/prompt_sections.h"

enum status readiness_disclosure_check(const struct check_subject *subject,
                                       const struct prompt_sections *sections,
                                       struct finding_list *findings, struct error *err);
