// Takes live back: to an earlier release (rollback), or out of service for ever (quarantine).
#pragma once

#include "artifact/finding.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/live.h"

struct withdraw_request {
    struct artifact_id id; // rollback: the version to go back to, 0 for the release before the live
                           // one; quarantine: the release that is to go
    const char *actor;
    const char *reason;
};

struct withdraw_result {
    struct artifact_id live;   // what is live now; version 0: nothing
    struct artifact_id before; // what was live
    struct oid commit;         // of live
};

// Within a write's frame.
enum status withdraw_rollback(struct environment *environment,
                              const struct withdraw_request *request,
                              const struct live_signer *signer, struct finding_list *findings,
                              struct withdraw_result *out, struct error *err);

// Moves `live`, if that release is live, to the newest earlier one that is not quarantined, or to
// nothing; then enters the release into quarantine, by a signed commit of its own. Should the
// process die in between, nothing was acknowledged, the release is out of service already, and the
// same command finishes the work.
enum status withdraw_quarantine(struct environment *environment,
                                const struct withdraw_request *request,
                                const struct live_signer *signer, struct finding_list *findings,
                                struct withdraw_result *out, struct error *err);
