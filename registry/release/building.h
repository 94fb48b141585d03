// Makes an environment's folder whole or not at all: it is built beside its place under another
// name, synced, and renamed into it.
#pragma once

#include "base/error.h"

// Fills the empty folder; whatever it opens there it closes.
typedef enum status (*building_fill)(void *context, const char *folder, struct error *err);

// STATUS_CONFLICT when there is something at `path` already (an empty folder is taken over). After
// STATUS_OK it survives power loss; after a failure nothing is left.
enum status building_make(const char *path, building_fill fill, void *context, struct error *err);
