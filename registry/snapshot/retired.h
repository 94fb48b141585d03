// Things that wait to be let go: what a state of live does not share with the next one, or what was
// made for a state that never came to be.
#pragma once

#include <stddef.h>

#include "base/error.h"

// Starts as {0}. One thread.
struct retired {
    struct retired_item {
        void *object;
        void (*dispose)(void *object);
    } * items;
    size_t count;
    size_t capacity;
};

// Notes an object. On failure nothing is noted, and the object stays the caller's.
enum status retired_add(struct retired *retired, void *object, void (*dispose)(void *object),
                        struct error *err);

// Disposes of every object noted, the latest first.
void retired_dispose(struct retired *retired);

// Moves everything noted in `from` into `retired`. On failure nothing is moved.
enum status retired_take_over(struct retired *retired, struct retired *from, struct error *err);

// Forgets them: they stay what they are.
void retired_forget(struct retired *retired);

// The two lists that grow while the next state is being made from the current one: `fresh` is
// disposed of when that fails, `stale` once it has worked and the last reader of the old state is
// gone.
struct retired_change {
    struct retired fresh;
    struct retired stale;
};
