// Windows in which calls may be placed: whether they make sense. Part of check_readiness.c.
#pragma once

#include "check/check.h"

enum status readiness_schedule_check(const struct check_subject *subject,
                                     struct finding_list *findings, struct error *err);
