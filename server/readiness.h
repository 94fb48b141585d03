// How the server is doing, for who asks /readyz: written by the watcher, read by the workers.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

// Starts as {0}: ready, and nothing wrong.
struct readiness {
    atomic_uint_fast64_t looks;    // at whether live or control moved
    atomic_uint_fast64_t faults;   // looks that ended with what could not be taken
    atomic_uint_fast64_t reloads;  // states that were taken
    atomic_int_fast64_t reload_ns; // what the last of them took
    atomic_int_fast64_t looked_at; // the last look that went well, seconds since 1970
    atomic_int_fast64_t state_at;  // when the state served was taken
    _Atomic(const char *) fault;   // code of the last failed reload (static); NULL: all is well
    atomic_bool is_stopping;
    atomic_uint open_emergencies;    // live emergency releases whose time runs
    atomic_uint expired_emergencies; // and whose time is over
    atomic_uint unmet_uses;          // of what is live, by what is live
};
