// `environment compare`, when the two environments are not both folders of this machine: each says
// what it is, and the two words are compared here.
#pragma once

#include "arguments.h"

// Whether a server has one of the two.
bool remote_compare_is_needed(const struct arguments *arguments);

enum status remote_compare_run(struct arguments *arguments, struct error *err);
