// Admits content into a live environment as signed releases, and makes them live: the production
// side of every promotion. It knows nothing of where the content comes from, and trusts none of it:
// the digest is computed again, the gate is asked, and only then anything is kept.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/live.h"

// One artifact handed in.
struct admit_item {
    struct artifact_id id;   // with its version
    struct content *content; // sealed; hashed here
    struct digest digest;    // as claimed; must be what the content has
    const char *author;
    const char *published_at; // RFC 3339
    const char *draft;        // the draft's own document, kept as evidence
    const char *source;       // id of the environment that it comes from
    // out:
    struct oid tag;    // the release tag's object
    bool is_unchanged; // it was live already
};

#define ADMIT_MAX_ITEMS 1000 // each is a signature; one promotion is one commit of live

struct admit_request {
    struct admit_item *items;
    size_t count;
    const char *actor;
    const char *reason; // may be NULL
};

// Within a write's frame. All or none. *out_commit is the commit of `live` that now holds them (the
// present one when all were live already).
enum status admit_releases(struct environment *environment, const struct admit_request *request,
                           const struct live_signer *signer, struct finding_list *findings,
                           struct oid *out_commit, struct error *err);
