// What two environments share, for people.
#pragma once

#include "artifact/json.h"

void present_zone_compare(const struct json *output);
void present_zone_described(const struct json *output);
