// What is decided about an environment, and its state, for people.
#pragma once

#include <stdio.h>

#include "artifact/json.h"

// Each prints one operation's output to standard output.
void present_control_approver(const struct json *output);
void present_control_approvers(const struct json *output);
void present_control_removed(const struct json *output);
void present_control_key(const struct json *output);
void present_control_keys(const struct json *output);
void present_control_key_create(const struct json *output);
void present_control_verify(const struct json *output);
void present_control_reindex(const struct json *output);
void present_control_policy(const struct json *output);
void present_control_policy_diff(const struct json *output);
void present_control_bindings(const struct json *output);
void present_control_audit(const struct json *output);
void present_control_receipts(const struct json *output);
void present_control_restart(const struct json *output);
