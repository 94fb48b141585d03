// Many like jobs, done side by side on as many processors as this process may use.
#pragma once

#include <stddef.h>

// At most this many threads, the caller's among them: what is done here shares one disk and one
// store.
#define CREW_MAX_THREADS 8

// One job, `index` from 0 up. Jobs run at the same time and in no order, so each may change only
// what is its own; what it has to say of a failure, it keeps there too.
typedef void (*crew_job)(void *context, size_t index);

// Returns when all `count` jobs are done. Where no thread can be had, the caller does them all.
void crew_run(size_t count, crew_job job, void *context);
