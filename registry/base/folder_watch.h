// Tells when something below a folder, or one file, has changed (inotify).
#pragma once

#include <stdbool.h>

#include "base/error.h"

// Folders in each other are watched down to here; an artifact's paths have 64 parts.
#define FOLDER_WATCH_MAX_DEPTH 64

struct folder_watch;

// Watches a folder with all folders in it, also those that are made later, or a file, also when an
// editor puts another in its place. STATUS_NOT_FOUND when there is nothing at `path`.
enum status folder_watch_open(struct folder_watch **out, const char *path, struct error *err);
void folder_watch_free(struct folder_watch *watch);
void folder_watch_release(struct folder_watch **watch); // for OWNED

// Waits for a change since the last wait, or since it was opened, until all is quiet again
// (FOLDER_WATCH_QUIET_MS, for at most FOLDER_WATCH_BURST_MS), so that an editor's many steps are
// one change. *out_changed is false when `stop_fd` (-1: none) became readable instead.
#define FOLDER_WATCH_QUIET_MS 40
#define FOLDER_WATCH_BURST_MS 1000
enum status folder_watch_wait(struct folder_watch *watch, int stop_fd, bool *out_changed,
                              struct error *err);
