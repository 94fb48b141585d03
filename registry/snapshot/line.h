// The states of live that are still held, oldest first: which may go, and how. The writer's own.
// Inside snapshot/ only.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "snapshot/snapshot_internal.h"

// Starts as {0}. Linked by `newer`.
struct line {
    struct snapshot *oldest;
    struct snapshot *newest;
};

// Puts a state behind the newest.
void line_append(struct line *line, struct snapshot *snapshot);

// Lets the states go that no reader can reach any more, neither as the current one nor among those
// held by one that was current when it entered. `in_use`: the oldest serial that a reader may have
// entered at.
void line_reclaim(struct line *line, uint64_t in_use);

// Lets all of them go.
void line_free(struct line *line);
