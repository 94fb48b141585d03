// Moves of refs that wait.
#include "store/held_moves.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void held_moves_release(struct held_moves *held)
{
    free(held->moves);
    *held = (struct held_moves) { 0 };
}

enum status held_moves_add(struct held_moves *held, const struct store_move *move,
                           struct error *err)
{
    TRY(memory_grow(&held->moves, held->count, &held->capacity, sizeof(*held->moves), err));
    held->moves[held->count++] = *move;
    return STATUS_OK;
}

bool held_moves_find(const struct held_moves *held, const char *ref, struct oid *out)
{
    for (size_t i = held->count; i > 0; i--)
        if (strcmp(held->moves[i - 1].ref, ref) == 0) {
            *out = held->moves[i - 1].to;
            return true;
        }
    return false;
}
