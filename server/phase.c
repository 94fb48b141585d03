// What each connection of a worker waits for, and since when.
#include "phase.h"

#include <stdbool.h>

static const struct phase_rule rules[PHASE_COUNT] = {
    [PHASE_IDLE] = { .limit_ms = 60000 }, // longer than the pause between two turns of a call
    [PHASE_HEAD] = { .limit_ms = 10000 }, // a head fits one packet or two
    // A kilobyte a second is slower than any network between servers.
    [PHASE_BODY] = { .limit_ms = 10000, .least_bytes = 10U << 10 },
    [PHASE_SEND] = { .limit_ms = 10000, .least_bytes = 10U << 10 },
    [PHASE_LINGER] = { .limit_ms = 2000 }, // so that our last words are read before a reset
};

const struct phase_rule *phase_rule_of(enum phase phase)
{
    return &rules[phase];
}

void phase_leave(struct phase_lists *lists, struct phase_place *place)
{
    struct phase_list *list = &lists->lists[place->phase];
    if (place->phase == PHASE_NONE)
        return;
    *(place->before ? &place->before->after : &list->first) = place->after;
    *(place->after ? &place->after->before : &list->last) = place->before;
    list->count--;
    place->before = NULL;
    place->after = NULL;
    place->phase = PHASE_NONE;
}

void phase_enter(struct phase_lists *lists, struct phase_place *place, enum phase phase,
                 int64_t now_ms)
{
    struct phase_list *list = &lists->lists[phase];
    phase_leave(lists, place);
    place->phase = phase;
    place->since_ms = now_ms;
    place->moved_bytes = 0;
    if (phase == PHASE_NONE)
        return;
    place->before = list->last;
    *(list->last ? &list->last->after : &list->first) = place;
    list->last = place;
    list->count++;
}

struct phase_place *phase_next_overdue(struct phase_lists *lists, enum phase phase, int64_t now_ms)
{
    const struct phase_rule *rule = &rules[phase];
    struct phase_place *place;
    while ((place = lists->lists[phase].first) != NULL &&
           now_ms - place->since_ms >= rule->limit_ms) {
        if (rule->least_bytes == 0 || place->moved_bytes < rule->least_bytes)
            return place;
        phase_enter(lists, place, phase, now_ms);
    }
    return NULL;
}
