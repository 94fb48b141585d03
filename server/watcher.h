// Follows the branches live and control: loads what a promotion in another process has made live,
// as soon as git says that a branch has moved.
#pragma once

#include "base/error.h"
#include "readiness.h"
#include "snapshot/holder.h"

struct watcher;

#define WATCHER_INTERVAL_MS 1000 // also looked at this often, should a notice be lost

struct watcher_plan {
    struct holder *holder;
    struct readiness *readiness;
    struct log *log;
    void (*each_look)(void *context); // with every look, in the watcher's thread
    void *context;
};
// The watcher is the holder's one writer from here on.
enum status watcher_start(struct watcher **out, const struct watcher_plan *plan, struct error *err);
void watcher_free(struct watcher *watcher); // stops it first
void watcher_release(struct watcher **watcher);
