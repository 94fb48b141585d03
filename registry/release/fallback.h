// What may take the place of a live release: the releases of the same artifact, from the newest on.
#pragma once

#include <stdint.h>

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "check/check.h"
#include "release/control.h"
#include "release/environment.h"
#include "release/state.h"

// One of them, with its content read. Starts as {0}.
struct fallback {
    const struct state_release *release; // borrowed from the state; NULL: none
    struct oid tree;
    struct content content;
    struct manifest manifest;
};
void fallback_release(struct fallback *fallback);

// What a choice is made from. All borrowed.
struct fallback_question {
    struct environment *environment;
    const struct control *control;
    const struct state *state;
    const struct check_world *world; // what is live
};

// The newest release made before `version` (0: of all) that may go live and has other content, or
// NULL. Whether what it uses is live is not looked at.
const struct state_release *fallback_find(const struct fallback_question *question,
                                          uint32_t version);

// Reads a release's content and manifest. STATUS_REFUSED and STATUS_DAMAGED as manifest_read says.
enum status fallback_read(struct fallback *out, const struct fallback_question *question,
                          const struct state_release *release, struct error *err);

// The newest such release of which everything that it uses is live; out->release is NULL when there
// is none. What is passed over for that, or because it cannot be read, becomes a warning.
enum status fallback_choose(struct fallback *out, const struct fallback_question *question,
                            uint32_t version, struct finding_list *findings, struct error *err);
