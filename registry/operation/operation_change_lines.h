// Lines of a prompt that keep an agent within bounds, and which of them a change takes away.
#pragma once

#include <stddef.h>

#include "base/error.h"

// Starts as {0}. The texts are borrowed.
struct operation_change_lines {
    struct operation_change_text {
        const char *begin; // without blanks and list marks around it
        size_t length;
    } * items;
    size_t count;
    size_t capacity;
};
void operation_change_lines_release(struct operation_change_lines *lines);

// Adds the guardrails of a section: every line of one whose name says that it holds them
// (guardrails, safety, compliance, boundaries), else those that forbid or bind (never, must not, do
// not, always, only if, under no circumstances).
enum status operation_change_lines_add(struct operation_change_lines *lines, const char *section,
                                       const char *text, size_t length, struct error *err);

// Calls `visit` for each line of `a` that is not in `b`, as often as it is missing. Sorts both.
void operation_change_lines_missing(struct operation_change_lines *a,
                                    struct operation_change_lines *b,
                                    void (*visit)(void *context, const char *begin, size_t length),
                                    void *context);
