// A hash that agrees with json_equal. Internal to json*.c and schema*.c.
#pragma once

#include <stdint.h>

#include "artifact/json.h"

// Equal values have equal hashes. `weight` is about the work that one look at the whole value
// costs: one for each value in it, and more for long texts.
struct json_hash {
    uint64_t hash;
    uint64_t weight;
};

struct json_hash json_hash(const struct json *value);
