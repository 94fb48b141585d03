// A prompt's sections and fallback against its files. Internal to manifest*.c.
#pragma once

#include "artifact/manifest_files.h"

// Adds what is wrong with the files that a prompt names, and marks them as used.
enum status manifest_prompt_check(const struct manifest_files *check, struct error *err);
