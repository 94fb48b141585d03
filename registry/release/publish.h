// Publishes drafts into a sandbox: gives each a version and moves the branch `drafts`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/content.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"

// One artifact handed in: sealed, hashed content that its manifest was read from.
struct publish_submission {
    struct artifact_id id; // version 0 going in; the version it has afterwards
    const struct content *content;
    struct digest digest;
    bool is_new; // out: false when the latest version has this very digest already
};

// Publishes all or none, within a write's frame, as one commit. STATUS_CONFLICT when a name is a
// folder of another's. STATUS_REFUSED in a live environment.
#define PUBLISH_MAX_ARTIFACTS 1000
enum status publish_drafts(struct environment *environment, struct publish_submission *submissions,
                           size_t count, const char *actor, const char *note, struct error *err);
