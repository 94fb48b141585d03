// Moves of refs that wait until everything beside them is ready: whoever asks the store meanwhile
// sees them as made.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

struct held_moves {
    struct store_move *moves; // in the order in which they were asked for
    size_t count;
    size_t capacity;
    bool is_holding;
};
void held_moves_release(struct held_moves *held); // forgets them, and holds no more

enum status held_moves_add(struct held_moves *held, const struct store_move *move,
                           struct error *err);

// Where a ref stands by them; false when none of them is about it.
bool held_moves_find(const struct held_moves *held, const char *ref, struct oid *out);
