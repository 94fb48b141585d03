// The commands that go from a sandbox to a live environment, when the two are not both folders of
// this machine: the draft crosses as a seal, as it would in a file.
#pragma once

#include "arguments.h"

// promote, plan, status, approve. `other` is the environment that the command names beside the one
// that it runs on.
enum status remote_road_run(struct arguments *arguments, const char *other, struct error *err);
