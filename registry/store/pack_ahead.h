// A pack that is made while its writer goes on, and shown when the writer wants it.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "store/pending.h"
#include "store/store.h"

struct pack_ahead;

// Begins to make a pack of these objects on a thread of its own. What they are made of stays as it
// is until the end: bytes in memory, files of content that is held (content_hold). Until the end
// the store writes no other pack. STATUS_NO_MEMORY, too, where no thread can be had.
enum status pack_ahead_start(struct pack_ahead **out, struct store *store,
                             const struct pending_object *objects, size_t count, struct error *err);

// Waits for the pack and shows it: as pack_write, whose statuses these are.
enum status pack_ahead_show(struct pack_ahead *ahead, struct error *err);

// Gives the pack up unless it was shown: nothing of it stays.
void pack_ahead_free(struct pack_ahead *ahead);
void pack_ahead_release(struct pack_ahead **ahead); // for OWNED
