// What is live, verified and serialised, held in memory: the server answers from it alone. One
// writer replaces it as a whole; any number of readers use it without a lock.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/control.h"

#define SNAPSHOT_ETAG_BYTES 72 // a quoted "sha256:…" and its NUL

// One file of a release. Everything is immutable and lives as long as its release.
struct snapshot_file {
    const char *path;
    const char *media_type; // by the path's ending; "application/octet-stream" otherwise
    const char *bytes;
    size_t size_bytes;
    char etag[SNAPSHOT_ETAG_BYTES]; // of the file's own SHA-256
};

// One verified release: the live one of its artifact, or an earlier one (asked for by @version).
// Shared between snapshots by reference count.
struct snapshot_release {
    struct artifact_id id; // with its version
    struct digest digest;
    int64_t released_at;
    const char *body; // the artifact's whole JSON answer (DESIGN section 6)
    size_t body_bytes;
    char etag[SNAPSHOT_ETAG_BYTES];    // of the digest
    const struct snapshot_file *files; // sorted by path
    size_t file_count;
    void *attachment; // what the face prepared for it (see snapshot_face)
};

// One state of live. Borrowed between snapshot_enter and snapshot_leave.
struct snapshot;
const char *snapshot_commit(const struct snapshot *snapshot); // of live, as hex; "" before any
// The JSON answer of /v1/live: {"commit":…,"artifacts":[{"artifact","version","digest"}…]}.
const char *snapshot_live_body(const struct snapshot *snapshot, size_t *out_bytes);
size_t snapshot_count(const struct snapshot *snapshot); // live artifacts

// The live release of a name (version 0), or the release of that version: never a draft, never one
// that is quarantined or did not verify. NULL when there is none. `name` need not be terminated.
const struct snapshot_release *snapshot_find(const struct snapshot *snapshot,
                                             enum artifact_kind kind, const char *name,
                                             size_t name_bytes, uint32_t version);
const struct snapshot_file *snapshot_find_file(const struct snapshot_release *release,
                                               const char *path, size_t path_bytes);

// The key behind a bearer token's SHA-256, as the control branch had it when this snapshot was
// made. NULL when unknown, revoked or expired at `now`. Compares in constant time.
const struct control_key *snapshot_find_key(const struct snapshot *snapshot,
                                            const struct digest *digest, int64_t now);

// The owner of the current snapshot.
struct snapshot_holder;

// What a face may keep with each release (a prebuilt HTTP response, say): made when a release is
// loaded, given back when the last snapshot that holds the release is gone. May be NULL.
struct snapshot_face {
    enum status (*prepare)(void *context, struct snapshot_release *release, struct error *err);
    void (*discard)(void *context, struct snapshot_release *release);
    void *context;
};

// Opens the environment's store for reading only (never its ledger) and loads the first snapshot.
// `readers` is how many threads will read; each has its own number from 0 on.
enum status snapshot_holder_open(struct snapshot_holder **out, const char *environment_path,
                                 unsigned readers, const struct snapshot_face *face,
                                 struct error *err);
void snapshot_holder_free(struct snapshot_holder *holder);

// For requests and answers: the environment's id, its class, and its name.
const char *snapshot_holder_environment_id(const struct snapshot_holder *holder);
const char *snapshot_holder_environment_name(const struct snapshot_holder *holder);

// Lock-free. A reader enters, uses what it found, and leaves; it must not enter twice.
const struct snapshot *snapshot_enter(struct snapshot_holder *holder, unsigned reader);
void snapshot_leave(struct snapshot_holder *holder, unsigned reader);

// One thread only. Looks whether `live` or `control` moved; if so loads what changed, verifies it
// and swaps. What does not verify is not taken: the last verified state goes on being served, the
// status says why (STATUS_DAMAGED), and a later call tries again. *out_changed may be NULL.
enum status snapshot_reload(struct snapshot_holder *holder, bool *out_changed, struct error *err);
