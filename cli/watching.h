// Following what somebody works on, for operations that go on: changes seen, results shown as they
// come, and a clean end at Ctrl-C.
#pragma once

#include <stdbool.h>

#include "base/folder_watch.h"
#include "operation/operation.h"

// Starts as WATCHING_NONE. Must not move once it is begun: the call points to it.
struct watching {
    struct folder_watch *watch;
    int signals; // readable once the person or the system wants an end
    const char *path;
};
#define WATCHING_NONE ((struct watching) { .signals = -1 })
void watching_release(struct watching *watching);

// Fills the call's `follow` and `announce`. From here on SIGINT, SIGTERM and SIGHUP end the wait
// instead of the process.
enum status watching_begin(struct watching *out, struct operation_call *call, const char *path,
                           bool wants_json, struct error *err);
