// What each connection of a worker waits for, and since when, so that who makes others wait too
// long is cut off. A connection is in one phase's list at a time, the longest waiting first; as all
// of a list have the same limit, looking at its head is enough.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "caller_limits.h"

enum phase {
    PHASE_NONE,   // in no list: waits for us
    PHASE_IDLE,   // between two requests, or before the first
    PHASE_HEAD,   // a head has begun
    PHASE_BODY,   // its content is coming
    PHASE_SEND,   // an answer is on its way out
    PHASE_LINGER, // we have said all; the peer may still be talking
    PHASE_COUNT,
};

struct phase_rule {
    int64_t limit_ms;
    // 0: the limit is for the whole phase. Else for each stretch of it: who moved as many bytes in
    // the time gets as much time again, so that slow is allowed and standing still is not.
    uint64_t least_bytes;
};

// Part of whatever waits. Starts as {0}.
struct phase_place {
    struct phase_place *before;
    struct phase_place *after;
    enum phase phase;
    int64_t since_ms;
    uint64_t moved_bytes; // since then, counted by its owner
};

// One worker's. Starts as {0}, with the rules set.
struct phase_lists {
    struct phase_rule rules[PHASE_COUNT];
    struct phase_list {
        struct phase_place *first;
        struct phase_place *last;
        size_t count;
    } lists[PHASE_COUNT];
};

void phase_set_rules(struct phase_lists *lists, const struct limits *limits);

// Puts `place` at the end of the phase's list, wherever it was before.
void phase_enter(struct phase_lists *lists, struct phase_place *place, enum phase phase,
                 int64_t now_ms);
void phase_leave(struct phase_lists *lists, struct phase_place *place);

// Somebody who has waited longer than the phase allows, or NULL. Call until NULL; each must be put
// into another phase, or out of all, before the next call.
struct phase_place *phase_next_overdue(struct phase_lists *lists, enum phase phase, int64_t now_ms);
