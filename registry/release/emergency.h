// Emergency releases (break-glass): they passed without evidence and approvals, so they are open
// until the ordinary way is made up for, and say so for as long as the policy allowed. When that is
// over they go on being served, since taking something off the air in the middle of calls is a
// person's decision; but nothing may be built on them any more.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/finding.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "ledger/ledger.h"
#include "release/state.h"

// Whether the release is an emergency's that was not made up for in time. `release` may be NULL.
bool emergency_is_expired(const struct state_release *release, int64_t now);

// The live release of the state, when it is an emergency's that is open or expired; else NULL.
const struct state_release *emergency_find_live(const struct state *state);

// A warning (rule "verify.emergency") for the live release of the state, if it is an emergency's.
enum status emergency_warn(const struct state *state, int64_t now, struct finding_list *findings,
                           struct error *err);

// The first artifact that the manifest uses whose live release is an expired emergency's, as text;
// "" when there is none.
enum status emergency_find_used(struct store *store, const struct manifest *manifest, int64_t now,
                                char out[ID_TEXT_BYTES], struct error *err);

// Adds "emergency": {"until","expired"} to an object.
void emergency_describe(struct json *object, int64_t until, int64_t now);

// The same to a row (of `list` or `log`), if that release is an emergency's by the index.
enum status emergency_describe_row(struct json *row, struct ledger *ledger,
                                   const struct artifact_id *id, int64_t now, struct error *err);
