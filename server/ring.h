// A bounded queue of notes from many threads to one, without a lock: who puts something in never
// waits, and what finds no room is counted and dropped. (The queue is Vyukov's bounded one, with a
// sequence number in each place.)
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ring;

// Room for `places` notes, a power of two, of `note_bytes` each.
enum status ring_new(struct ring **out, size_t places, size_t note_bytes, struct error *err);
void ring_free(struct ring *ring);
void ring_release(struct ring **ring); // for OWNED

// Any thread. Copies the note; false when there was no room for it.
bool ring_put(struct ring *ring, const void *note);

// One thread only. Copies the oldest note out; false when there is none.
bool ring_take(struct ring *ring, void *out);

// How many found no room. Any thread.
uint64_t ring_dropped(const struct ring *ring);
