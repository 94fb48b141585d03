// The gate: the one function that decides whether `live` may move. Every move asks it, whatever the
// way in; it answers with all its findings at once.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/finding.h"
#include "artifact/id.h"
#include "base/error.h"
#include "check/check.h"
#include "release/approval.h"
#include "release/control.h"
#include "release/environment.h"
#include "release/evidence.h"
#include "release/state.h"
#include "release/verify.h"

// What kind of move is asked for; what each needs stands in one table in gate.c.
enum gate_move { GATE_PROMOTE, GATE_ROLLBACK, GATE_QUARANTINE };

// One artifact of the proposal.
struct gate_item {
    struct artifact_id id;           // with the version that would be live; 0: nothing would be
    struct digest digest;            // of that version's content; not looked at for version 0
    const char *author;              // of the draft, where a release is new; NULL otherwise
    const struct state *state;       // as it is now
    const struct verify_signed *tag; // a new release's signed tag; NULL: none, or not signed yet
    // Of what would be live, for the checks; NULL in a quarantine.
    const struct content *content;
    const struct manifest *manifest;
    // A promotion's, for the policy; NULL otherwise.
    const struct evidence *evidence;
    const struct evidence *environment_evidence;
};

struct gate_proposal {
    enum gate_move move;
    const struct gate_item *items;
    size_t count;
    const char *reason;
    const struct verify_signed *commit; // the signed commit of `live`; NULL: not signed yet
    const struct json *source;          // where it comes from (boundary.h); NULL: not known
    const struct check_world *world;    // what the checks may ask; NULL: nothing is checked
    bool break_glass; // an emergency: passes policy and freeze, for two signatures by two people
    int64_t time;
};

// STATUS_OK when the move may be made. STATUS_REFUSED otherwise, with every reason as a finding
// (rules "gate.*"; the artifact stands in front of the message). Before anything is signed it
// answers for all the rest, so that nobody is asked to sign what would be refused anyway.
enum status gate_decide(const struct environment *environment, const struct control *control,
                        const struct gate_proposal *proposal, struct finding_list *findings,
                        struct error *err);

// What an approval of this item has to be about. Borrows from all three.
void gate_approval_subject(struct approval_subject *out, const struct environment *environment,
                           const struct control *control, const struct gate_item *item);
