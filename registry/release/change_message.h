// The message of a commit on one of our branches: a subject, and trailers that say what was done to
// what by whom, so that git alone tells the history (`git log`, `git interpret-trailers`).
#pragma once

#include <stddef.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/buffer.h"

struct change_message_item {
    struct artifact_id id; // with its version
    struct digest digest;
};

// NULL strings are left out. Line breaks in them become spaces: a trailer is one line.
struct change_message {
    const char *operation;
    const char *subject; // NULL: made from operation and items
    const struct change_message_item *items;
    size_t count;
    const char *actor;
    const char *reason;
    const char *audit; // audit_log_head, on `live`
};
void change_message_append(struct buffer *out, const struct change_message *message);
