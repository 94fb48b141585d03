// How the server is doing, for who asks /readyz: written by the watcher, read by the workers.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

// Starts as {0}: ready, and nothing wrong.
struct readiness {
    _Atomic(const char *) fault; // code of the last failed reload (static); NULL: all is well
    atomic_bool is_stopping;
};
