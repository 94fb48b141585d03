// What is live, verified and serialised, held in memory: the server answers from it alone. One
// state of live, as a reader sees it between holder_enter and holder_leave (snapshot/holder.h).
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/control.h"
#include "snapshot/snapshot_release.h"

struct snapshot;

// The commit of live as hex, "" while nothing was ever promoted. Borrowed.
const char *snapshot_commit(const struct snapshot *snapshot);

// The state of live at a commit (40 hex digits, not NUL-terminated): this one, or one of those held
// beside it; NULL for any other. Lives as long as `snapshot`.
struct snapshot *snapshot_at(struct snapshot *snapshot, const char *commit, size_t commit_bytes);

// The commit of control, which decides who may ask and what is quarantined: with that of live it
// tells what callers get. Borrowed.
const char *snapshot_control_commit(const struct snapshot *snapshot);

// Which state this is, for who keeps something per state: never 0, grows with every new one.
uint64_t snapshot_serial(const struct snapshot *snapshot);

size_t snapshot_count(const struct snapshot *snapshot); // live artifacts

// The live release of a name (version 0), or the release of that version: never a draft, never one
// that is quarantined or did not verify. NULL when there is none. `name` need not be terminated.
// Takes no lock, allocates nothing.
const struct snapshot_release *snapshot_find(const struct snapshot *snapshot,
                                             enum artifact_kind kind, const char *name,
                                             size_t name_bytes, uint32_t version);

// The same in an earlier state that `snapshot` holds (or `snapshot` itself), as far as it may still
// be served: what was quarantined since is in no state any more.
const struct snapshot_release *snapshot_find_at(const struct snapshot *snapshot,
                                                const struct snapshot *state,
                                                enum artifact_kind kind, const char *name,
                                                size_t name_bytes, uint32_t version);

// The key behind a bearer token's SHA-256, as the control branch had it when this state was loaded.
// NULL when unknown, revoked or expired at `now`. Compares in constant time.
const struct control_key *snapshot_find_key(const struct snapshot *snapshot,
                                            const struct digest *digest, int64_t now);

// The same, revoked or expired as it may be: only to say why it was refused.
const struct control_key *snapshot_find_any_key(const struct snapshot *snapshot,
                                                const struct digest *digest);

// Bytes that may outlive their snapshot, while somebody holds them.
struct snapshot_text {
    atomic_uint holds;
    size_t size_bytes;
    char bytes[]; // not NUL-terminated
};
void snapshot_text_drop(struct snapshot_text *text);

// The JSON answer of /v1/live, {"commit":…,"artifacts":[{"artifact","version","digest"}…]} in order
// of "kind/name", as far as the key's scopes reach (NULL: everything). The caller has a hold. Made
// when first asked for (about 10 ms at 100,000 artifacts) and kept with the state for all keys that
// reach everything; made anew each time for a key with scopes, and for an earlier `state`.
enum status snapshot_live_text(struct snapshot *snapshot, const struct snapshot *state,
                               const struct control_key *key, struct snapshot_text **out,
                               struct error *err);
