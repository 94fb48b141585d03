// Notices when a pack that lies there has become another. Git never changes one: a pack that did
// was damaged, by a disk, a copy or a hand. Source: gitformat-pack(5), whose packs and indexes both
// end with the SHA-1 of all that stands before.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/hash_stream.h"

// How a file was when it was looked at last.
struct pack_mark {
    char *name;
    struct stat seen;
    bool is_damaged;
};

// Starts as {0}, with new_hash (SHA-1) set.
struct pack_watch {
    hash_stream_new new_hash;
    struct pack_mark *marks; // by name
    size_t count;
};
void pack_watch_release(struct pack_watch *watch);

// Looks at the packs in `folder`. Costs a stat for each; one that is another than last time is read
// whole. What is there for the first time counts as sound: whoever loads from it verifies what they
// read. STATUS_DAMAGED (code "pack_damaged") as long as some pack is not what its own hash says.
enum status pack_watch_look(struct pack_watch *watch, const char *folder, struct error *err);
