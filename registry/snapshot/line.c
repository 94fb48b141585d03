// The states of live that are still held.
#include "snapshot/line.h"

#include "snapshot/reload.h"

void line_append(struct line *line, struct snapshot *snapshot)
{
    if (line->newest)
        line->newest->newer = snapshot;
    else
        line->oldest = snapshot;
    line->newest = snapshot;
}

static bool holds(const struct snapshot *current, const struct snapshot *state)
{
    bool is_held = false;
    for (size_t i = 0; !is_held && i < current->held_count; i++)
        is_held = current->held[i] == state;
    return is_held;
}

static bool is_reachable(const struct snapshot *state, const struct snapshot *entered)
{
    for (; entered; entered = entered->newer)
        if (holds(entered, state))
            return true;
    return false;
}

// Takes a state out from between its neighbours. What only it and older ones used goes with the
// next older one: that is still in use by it, perhaps.
static bool hand_down(struct snapshot *state, struct snapshot *older)
{
    struct error unheard;
    if (older && retired_take_over(&older->stale, &state->stale, &unheard) != STATUS_OK)
        return false; // no memory now: another time
    reload_free(state, false);
    return true;
}

void line_reclaim(struct line *line, uint64_t in_use)
{
    struct snapshot *older = NULL;
    struct snapshot **place = &line->oldest;
    const struct snapshot *entered = line->oldest;
    while (entered && entered->serial < in_use)
        entered = entered->newer;
    while (*place && *place != entered) {
        struct snapshot *state = *place;
        struct snapshot *newer = state->newer;
        if (!is_reachable(state, entered) && hand_down(state, older)) {
            *place = newer;
        } else {
            older = state;
            place = &state->newer;
        }
    }
}

void line_free(struct line *line)
{
    for (struct snapshot *snapshot = line->oldest; snapshot;) {
        struct snapshot *newer = snapshot->newer;
        reload_free(snapshot, newer == NULL);
        snapshot = newer;
    }
    *line = (struct line) { 0 };
}
