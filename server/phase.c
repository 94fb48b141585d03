// What each connection of a worker waits for, and since when.
#include "phase.h"

void phase_set_rules(struct phase_lists *lists, const struct limits *limits)
{
    const struct phase_rule stall = { 1000 * limits->stall_seconds, LIMITS_STALL_BYTES };
    lists->rules[PHASE_IDLE] = (struct phase_rule) { 1000 * limits->idle_seconds, 0 };
    lists->rules[PHASE_HEAD] = (struct phase_rule) { 1000 * limits->head_seconds, 0 };
    lists->rules[PHASE_BODY] = stall;
    lists->rules[PHASE_SEND] = stall;
    lists->rules[PHASE_LINGER] = (struct phase_rule) { 1000 * LIMITS_LINGER_SECONDS, 0 };
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
    const struct phase_rule *rule = &lists->rules[phase];
    struct phase_place *place;
    while ((place = lists->lists[phase].first) != NULL &&
           now_ms - place->since_ms >= rule->limit_ms) {
        if (rule->least_bytes == 0 || place->moved_bytes < rule->least_bytes)
            return place;
        phase_enter(lists, place, phase, now_ms);
    }
    return NULL;
}
