// The variables that a prompt's templates name, against those it declares. Part of
// check_template.c.
#pragma once

#include "check/prompt_sections.h"

enum status template_names_check(const struct check_subject *subject,
                                 const struct prompt_sections *sections,
                                 struct finding_list *findings, struct error *err);
