// `check` and `watch` with --to: an environment that a server has judges what is here.
#pragma once

#include "arguments.h"

// Whether the words name who judges.
bool remote_judge_is_named(const struct arguments *arguments);

// Sets the call's judge when it is a server's environment; opens nothing.
void remote_judge_begin(struct arguments *arguments);

// Checks the version that the words name in the environment of `step`, a server's: it is fetched,
// and judged as if it were a folder.
enum status remote_judge_run(struct arguments *arguments, const struct remote_step *step,
                             struct error *err);
