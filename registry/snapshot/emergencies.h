// How many emergency releases are live in a state.
#pragma once

#include <stdint.h>

#include "snapshot/snapshot.h"

struct emergencies {
    unsigned open;    // their time runs
    unsigned expired; // their time is over, and nobody made up for them
};

// Passes by what no emergency is near.
struct emergencies emergencies_count(const struct snapshot *snapshot, int64_t now);
