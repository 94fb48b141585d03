// What goes live, for people.
#pragma once

#include <stdio.h>

#include "artifact/json.h"

// Each prints one operation's output to standard output.
void present_release_plan(const struct json *output);
void present_release_status(const struct json *output);
void present_release_promote(const struct json *output);
void present_release_withdraw(const struct json *output);
void present_release_seal(const struct json *output);
void present_release_record(const struct json *output);
void present_release_waiver(const struct json *output);
void present_release_hold(const struct json *output);

// What would change for callers, on standard error, before somebody signs for it.
void present_release_changes(const struct json *changes);
