// Admits content into a live environment as signed releases, and makes them live: the production
// side of every promotion. It knows nothing of where the content comes from, and trusts none of it:
// the seal was proved by opening it, the gate is asked, and only then anything is kept.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/finding.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/live.h"
#include "release/seal.h"

struct admit_request {
    const struct seal *seal;
    const char *operation; // what it is called in commit and audit, unless it is an emergency
    const char *actor;
    const char *reason; // may be NULL, but not with break_glass
    bool break_glass;
    int64_t emergency_until; // with break_glass: until when it counts as open
    const struct live_signer *signer;
    const struct live_signer *second_signer; // of the commit of live, with break_glass; else NULL
};

// What came of it; `items` go by the seal's order. Starts as {0}.
struct admit_result {
    struct oid
        commit; // of `live`, that now holds them (the present one when all were live already)
    struct admit_outcome {
        struct oid tag;    // the release tag's object
        bool is_unchanged; // it was live already
    } * items;
    size_t count;
};
void admit_result_release(struct admit_result *result);

// Within a write's frame. All or none.
enum status admit_releases(struct environment *environment, const struct admit_request *request,
                           struct finding_list *findings, struct admit_result *out,
                           struct error *err);

// What the gate would say, and what would become of each artifact, without doing or signing
// anything.
enum status admit_preview(struct environment *environment, const struct admit_request *request,
                          struct finding_list *findings, struct admit_result *out,
                          struct error *err);
