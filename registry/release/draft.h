// Drafts: versions in a sandbox. Publishing gives each a number and moves the branch `drafts`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/follow.h"

// One artifact handed in: sealed, hashed content that its manifest was read from.
struct draft_submission {
    struct artifact_id id; // version 0 going in; the version it has afterwards
    const struct content *content;
    struct digest digest;
    bool is_new; // out: false when the latest version has this very digest already
};

// Publishes all or none, within a write's frame, as one commit. STATUS_CONFLICT when a name is a
// folder of another's. STATUS_REFUSED in a live environment.
#define DRAFT_MAX_SUBMISSIONS 1000
enum status draft_publish(struct environment *environment, struct draft_submission *submissions,
                          size_t count, const char *actor, const char *note, struct error *err);

// One draft as git has it. Starts as {0}.
struct draft {
    struct artifact_id id; // with its version
    struct digest digest;  // as draft.json says it; whoever promotes computes it again
    struct oid content_tree;
    char *author;
    char *published_at; // RFC 3339
    char *note;
    char *document; // draft.json's bytes, NUL-terminated
};
void draft_release(struct draft *draft);

// The draft of that version. STATUS_NOT_FOUND when there is none.
enum status draft_read(struct draft *out, struct environment *environment,
                       const struct artifact_id *id, struct error *err);
