// What is decided about an environment, read from one commit of its branch `control`: who may sign
// (approvers), who may ask (keys), what may never go live again (quarantine), and the policy.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/control_key.h"
#include "store/store.h"
#include "trust/allowed_signers.h"

#define CONTROL_REF "refs/heads/control"

// quarantine/<kind>/<name>/<version>.json
struct control_quarantine {
    struct artifact_id id; // with its version
    struct digest digest;  // the content, under whatever version it comes back
};

// holds/<kind>/<name>.json: nothing newer of that artifact goes live until it is lifted.
struct control_hold {
    struct artifact_id id;
    char *reason;
};

// waivers/<kind>/<name>/<number>.json: see release/waiver.h.
struct control_waiver {
    struct artifact_id id;
    char *rule; // glob over rules
    char *path; // glob over the artifact's files
    char *actor;
    char *reason;
    int64_t expires;
};

// Starts as {0}. Read-only once read.
struct control {
    struct oid commit;
    struct oid tree;
    struct json *policy;
    struct digest policy_digest; // of policy.json's bytes
    struct json *bindings;       // bindings.json: names to values
    struct allowed_signers approvers;
    struct control_key *keys;
    size_t key_count;
    size_t key_capacity;
    struct control_quarantine *quarantine;
    size_t quarantine_count;
    size_t quarantine_capacity;
    struct control_hold *holds;
    size_t hold_count;
    size_t hold_capacity;
    struct control_waiver *waivers;
    size_t waiver_count;
    size_t waiver_capacity;
};
void control_release(struct control *control);

// Reads the branch's tip. STATUS_DAMAGED when a file in it is not what it should be.
enum status control_read(struct control *out, struct store *store, struct error *err);

// Only what takes rights away (see below), from the branch's tip.
enum status control_read_limits(struct control *out, struct store *store, struct error *err);

// The same from another ref: a clone has it as "refs/remotes/origin/control".
enum status control_read_ref(struct control *out, struct store *store, const char *ref,
                             struct error *err);

// The same from a commit; with `only_limits` nothing of it but keys and quarantine, whatever is
// wrong with the rest; and of these what can be read. So nothing may be given on such a reading,
// only taken away.
enum status control_read_commit(struct control *out, struct store *store, const struct oid *oid,
                                bool only_limits, struct error *err);

// Quarantined by its version, or by its content's digest.
bool control_is_quarantined(const struct control *control, const struct artifact_id *id,
                            const struct digest *digest);

// Whether that very entry is among the control's.
bool control_has_quarantine(const struct control *control, const struct control_quarantine *wanted);

// The hold on an artifact, or NULL. Borrowed.
const struct control_hold *control_find_hold(const struct control *control,
                                             const struct artifact_id *id);
