// Environments described, and what two of them share, for people.
#pragma once

#include "artifact/json.h"

void present_zone_show(const struct json *output);
void present_zone_compare(const struct json *output);
void present_zone_described(const struct json *output);
