// What is decided about an environment, read from one commit of its branch `control`: who may sign
// (approvers), who may ask (keys), what may never go live again (quarantine), and the policy.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"
#include "store/store.h"
#include "trust/allowed_signers.h"

#define CONTROL_REF "refs/heads/control"

// Roles of a key, as bits: an operation's row and a key's role meet in one place each.
enum control_role {
    ROLE_RUNTIME = 1 << 0,  // fetches what is live
    ROLE_AUTHOR = 1 << 1,   // publishes drafts
    ROLE_APPROVER = 1 << 2, // promotes and rolls back
    ROLE_OPERATOR = 1 << 3, // keys, approvers, policy
    ROLE_AUDITOR = 1 << 4,  // reads everything, changes nothing
};
#define ROLE_ANY (ROLE_RUNTIME | ROLE_AUTHOR | ROLE_APPROVER | ROLE_OPERATOR | ROLE_AUDITOR)

const char *control_role_word(enum control_role role);
enum status control_role_parse(enum control_role *out, const char *word, struct error *err);

#define CONTROL_KEY_ID_BYTES 13 // 12 characters of [0-9a-z] and the NUL

// keys/<id>.json. The key itself is nowhere: only its SHA-256.
struct control_key {
    char id[CONTROL_KEY_ID_BYTES];
    struct digest digest;
    enum control_role role;
    char *owner;
    char **scopes; // globs over "kind/name"; none: everything
    size_t scope_count;
    int64_t created;
    int64_t expires; // INT64_MAX: never (not in a live environment)
    int64_t revoked; // INT64_MAX: not
};

// quarantine/<kind>/<name>/<version>.json
struct control_quarantine {
    struct artifact_id id; // with its version
    struct digest digest;  // the content, under whatever version it comes back
};

// Starts as {0}. Read-only once read.
struct control {
    struct oid commit;
    struct oid tree;
    struct json *policy;
    struct digest policy_digest; // of policy.json's bytes
    struct allowed_signers approvers;
    struct control_key *keys;
    size_t key_count;
    size_t key_capacity;
    struct control_quarantine *quarantine;
    size_t quarantine_count;
    size_t quarantine_capacity;
};
void control_release(struct control *control);

// Reads the branch's tip. STATUS_DAMAGED when a file in it is not what it should be.
enum status control_read(struct control *out, struct store *store, struct error *err);

// Whether a key is of use at `now`: not revoked, not expired.
bool control_key_is_valid(const struct control_key *key, int64_t now);

// Whether the key's scopes hold the artifact.
bool control_key_covers(const struct control_key *key, const struct artifact_id *id);

// Quarantined by its version, or by its content's digest.
bool control_is_quarantined(const struct control *control, const struct artifact_id *id,
                            const struct digest *digest);
