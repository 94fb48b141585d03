// What authors ask about files of theirs, for people.
#pragma once

#include "artifact/json.h"

// Each prints one operation's output: what was asked for to standard output, findings to standard
// error.
void present_author_new(const struct json *output);
void present_author_pii(const struct json *output);
void present_author_mask(const struct json *output);
void present_author_schema(const struct json *output);
