// Drafts: the versions in a sandbox, read from git.
#pragma once

#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"

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
