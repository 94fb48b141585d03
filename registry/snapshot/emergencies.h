// How many emergency releases are live in a state.
#pragma once

#include <stdint.h>

#include "snapshot/snapshot.h"

struct emergencies {
    unsigned open;    // their time runs
    unsigned expired; // their time is over, and nobody made up for them
};

// Looks at every live artifact: about a millisecond at 100,000 of them.
struct emergencies emergencies_count(const struct snapshot *snapshot, int64_t now);
