// A bounded queue of notes from many threads to one, without a lock.
#include "ring.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

// Who loses so many races for a place in a row gives up: there is a crowd, and no answer may wait.
#define PUT_TRIES 64

// A place's sequence is its own number while it is free for the put of that number, one more once
// the note stands in it, and a whole round more when it was taken out.
struct ring {
    size_t places;
    size_t note_bytes;
    unsigned char *bytes;
    atomic_size_t *sequences;
    atomic_size_t next_put;
    size_t next_take; // the taker's own
    _Atomic uint64_t dropped;
};

enum status ring_new(struct ring **out, size_t places, size_t note_bytes, struct error *err)
{
    struct ring *ring OWNED(ring_release) = NULL;
    TRY(memory_new(&ring, 1, sizeof(*ring), err));
    ring->places = places;
    ring->note_bytes = note_bytes;
    TRY(memory_new(&ring->bytes, places, note_bytes, err));
    TRY(memory_new(&ring->sequences, places, sizeof(*ring->sequences), err));
    for (size_t i = 0; i < places; i++)
        atomic_init(&ring->sequences[i], i);
    *out = MOVE(ring);
    return STATUS_OK;
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    free(ring->bytes);
    free(ring->sequences);
    free(ring);
}

void ring_release(struct ring **ring)
{
    ring_free(*ring);
    *ring = NULL;
}

// The number of a place that is now the caller's to fill; false when there is none.
static bool claim(struct ring *ring, size_t *out)
{
    size_t number = atomic_load_explicit(&ring->next_put, memory_order_relaxed);
    for (int i = 0; i < PUT_TRIES; i++) {
        size_t sequence = atomic_load_explicit(&ring->sequences[number & (ring->places - 1)],
                                               memory_order_acquire);
        if (sequence < number) // not taken out since the last round: full
            return false;
        if (sequence > number) { // another thread was quicker
            number = atomic_load_explicit(&ring->next_put, memory_order_relaxed);
            continue;
        }
        if (atomic_compare_exchange_weak_explicit(&ring->next_put, &number, number + 1,
                                                  memory_order_relaxed, memory_order_relaxed)) {
            *out = number;
            return true;
        }
    }
    return false;
}

bool ring_put(struct ring *ring, const void *note)
{
    size_t number;
    if (!claim(ring, &number)) {
        atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
        return false;
    }
    size_t place = number & (ring->places - 1);
    memcpy(ring->bytes + place * ring->note_bytes, note, ring->note_bytes);
    atomic_store_explicit(&ring->sequences[place], number + 1, memory_order_release);
    return true;
}

bool ring_take(struct ring *ring, void *out)
{
    size_t place = ring->next_take & (ring->places - 1);
    size_t sequence = atomic_load_explicit(&ring->sequences[place], memory_order_acquire);
    if (sequence != ring->next_take + 1)
        return false;
    memcpy(out, ring->bytes + place * ring->note_bytes, ring->note_bytes);
    atomic_store_explicit(&ring->sequences[place], ring->next_take + ring->places,
                          memory_order_release);
    ring->next_take++;
    return true;
}

uint64_t ring_dropped(const struct ring *ring)
{
    return atomic_load_explicit(&ring->dropped, memory_order_relaxed);
}
