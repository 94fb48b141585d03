// Drafts and versions, for people.
#pragma once

#include <stdio.h>

#include "artifact/json.h"

// Each prints one operation's output to standard output.
void present_draft_init(const struct json *output);
void present_draft_check(const struct json *output);
void present_draft_publish(const struct json *output);
void present_draft_rows(const struct json *output);
void present_draft_show(const struct json *output);
void present_draft_diff(const struct json *output);

// The files that differ, and their patches; coloured on a terminal.
// What an object's "summary" and "files" tell of a change.
void present_draft_change(FILE *out, const struct json *object);

// A line that nobody reads over, where an emergency release is live.
void present_draft_emergency(const struct json *item);
