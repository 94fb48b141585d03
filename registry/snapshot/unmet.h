// What is live and uses something of which nothing is live: after a quarantine, say.
#pragma once

#include <stdint.h>

#include "artifact/id.h"
#include "snapshot/snapshot.h"

// Starts as {0}.
struct unmet {
    uint64_t serial; // of the state that it is about
    unsigned count;  // of uses, not of users
    // The first of them, in order of the users' names; "" when there is none.
    char user[ID_TEXT_BYTES]; // with its version
    char used[ID_TEXT_BYTES];
};

// Looks at everything live that uses something, unless `unmet` is about this state already.
void unmet_look(struct unmet *unmet, const struct snapshot *snapshot);
