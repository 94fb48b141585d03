// Who asks: from a bearer token to the key behind it.
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "release/environment.h"
#include "ring.h"
#include "snapshot/snapshot.h"
#include "trust/access_key.h"
#include "trust/hash.h"

// Why a request was not let in. Callers are never told which; the operator's log is.
enum authenticator_refusal {
    REFUSAL_MISSING,   // no Authorization, or not a bearer token
    REFUSAL_MALFORMED, // not one of our keys: mistyped, or another system's
    REFUSAL_FOREIGN,   // a key of another environment or class
    REFUSAL_UNKNOWN,   // of this environment, but not one that it has
    REFUSAL_REVOKED,
    REFUSAL_EXPIRED,
    REFUSAL_ROLE,  // let in, but the key's role may not do that
    REFUSAL_SCOPE, // let in, but the key's scopes do not reach what was asked for
    REFUSAL_COUNT,
};
const char *authenticator_refusal_words(enum authenticator_refusal refusal);

// One per worker. Starts as {0}. Only its own thread checks with it; any thread may read `refused`.
struct authenticator {
    char prefix[ACCESS_KEY_BYTES]; // what every key of this environment begins with
    size_t prefix_bytes;
    struct ring *notes; // of struct refusal_note (refusals.h), for the audit; NULL: none are kept
    _Atomic uint64_t refused[REFUSAL_COUNT];
};
void authenticator_init(struct authenticator *authenticator,
                        const struct environment_identity *identity, struct ring *notes);

// The key that a connection was let in with last, so that the next request with the very same key
// costs no hash. Starts as {0}.
struct authenticator_memory {
    uint64_t serial; // of the snapshot that `key` is borrowed from (snapshot_serial); 0: none
    const struct control_key *key;
    size_t token_bytes;
    char token[ACCESS_KEY_BYTES];
};
void authenticator_forget(struct authenticator_memory *memory); // wipes it

// The key that the value of an Authorization field (NULL: there was none) stands for, valid now.
// One hash and one look-up; or one comparison, where `memory` has that key from this very snapshot:
// a key that was revoked is in no later one. STATUS_UNAUTHENTICATED, the same whatever the reason.
enum status authenticator_check(struct authenticator *authenticator,
                                struct authenticator_memory *memory,
                                const struct snapshot *snapshot, const char *authorization,
                                size_t authorization_bytes, const struct control_key **out,
                                struct error *err);

// Counts and notes a refusal of a key that was let in: for its role, or for its scopes.
void authenticator_refuse(struct authenticator *authenticator, enum authenticator_refusal reason,
                          const struct control_key *key, const struct artifact_id *artifact);
