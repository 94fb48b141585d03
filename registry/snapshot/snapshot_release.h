// One verified release in memory: its files, its JSON answer, and what the face prepared for it.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/verify.h"
#include "store/oid.h"

#define SNAPSHOT_MARK_BYTES 17  // 16 hex digits and a NUL
#define SNAPSHOT_CODING_BYTES 5 // "-gzip"
// A quoted "sha256:…", with a mark behind it where the answer depends on bindings, its coding, and
// a NUL.
#define SNAPSHOT_ETAG_BYTES (74 + SNAPSHOT_MARK_BYTES + SNAPSHOT_CODING_BYTES)

// The content codings in which an answer is kept.
enum snapshot_encoding { SNAPSHOT_IDENTITY, SNAPSHOT_GZIP, SNAPSHOT_ZSTD, SNAPSHOT_ENCODING_COUNT };

#define SNAPSHOT_ENCODE_MIN_BYTES 1024U // an answer below that goes into one packet as it is

// An artifact's whole JSON answer, in one coding.
struct snapshot_body {
    const char *bytes; // not NUL-terminated; NULL: not in that coding, it would save too little
    size_t size_bytes;
    const char *etag; // of the digest and, where it names some, its bindings; not NUL-terminated
    size_t etag_bytes;
    // What the face sends before it, right before it in memory, so that both are copied in one go.
    size_t front_bytes;
    size_t front_mark; // a place in the front, of the face's choosing
};

// One file of a release. Immutable; lives as long as its release.
struct snapshot_file {
    const char *path;       // NUL-terminated
    const char *media_type; // by the path's ending (snapshot/media_type.h)
    const char *bytes;      // not NUL-terminated
    size_t size_bytes;
    char etag[SNAPSHOT_ETAG_BYTES]; // of the file's own SHA-256
};

// The live release of its artifact, or an earlier one (asked for by @version). Shared between
// snapshots; nothing in it changes but what the face keeps in its attachment.
struct snapshot_release {
    // What each answer reads, together: a cache line that is not touched is not waited for.
    unsigned encodings; // bits 1 << enum snapshot_encoding: those that are there
    struct snapshot_body bodies[SNAPSHOT_ENCODING_COUNT];

    struct artifact_id id; // with its version
    struct digest digest;
    int64_t released_at;
    const char *bytes; // all files and bodies stand somewhere from here on
    size_t size_bytes;
    const struct snapshot_file *files; // sorted by path
    size_t file_count;
    const char *uses; // what its manifest names: "kind/name", each with its NUL
    size_t uses_bytes;
    void *attachment;                      // the face's
    _Atomic(struct rendering *) rendering; // a prompt's, once it was asked for

    // Of the snapshots alone.
    struct oid tag;
    struct oid content_tree;
    char signer[SSH_KEY_FINGERPRINT_BYTES]; // of the key that signed the tag, at `signed_at`
    int64_t signed_at;
    const struct snapshot_face *face;
    struct json *resolved; // what its bindings meant when it was loaded; NULL: it names none
    atomic_uint holds;
};

// What a front is printed for.
struct snapshot_front {
    uint32_t version;
    enum snapshot_encoding encoding;
    size_t size_bytes; // of the body
    const char *etag;
};

// What a face keeps with each release (prebuilt HTTP responses, say). All NULL: nothing. `prepare`
// may run in several threads at once, for different releases; a face that fails fails the load.
struct snapshot_face {
    // Before anybody sees the release.
    enum status (*prepare)(void *context, struct snapshot_release *release, struct error *err);
    // No snapshot has it any more and no reader can reach it: the face lets its own holds go. Once,
    // in the writer's thread.
    void (*retire)(void *context, struct snapshot_release *release);
    // The last hold is gone: the attachment's memory goes too. Once, in whatever thread that was.
    void (*discard)(void *context, struct snapshot_release *release);
    void *context;
    // Appends what is sent before a body, and says where its mark is.
    void (*front)(void *context, struct buffer *out, const struct snapshot_front *front,
                  size_t *out_mark);
};

// Copies a verified release out of the store, its bindings resolved by `bindings` (of the branch
// `control`; NULL: none are set), and lets the face prepare it; the caller has the one hold. `face`
// must outlive the release.
enum status snapshot_release_new(struct snapshot_release **out, const struct verify_release *from,
                                 const struct oid *tag, const struct json *bindings,
                                 const struct snapshot_face *face, struct error *err);

// Whether `bindings` says of each name that the release uses what it said when it was loaded.
bool snapshot_release_resolves_alike(const struct snapshot_release *release,
                                     const struct json *bindings);

// Keeps a release (an answer that is still being sent, say) beyond the snapshot it was found in.
// Any thread; the first hold is taken between enter and leave.
void snapshot_release_hold(const struct snapshot_release *release);
void snapshot_release_drop(const struct snapshot_release *release);

// For the writer: lets the face retire it, then drops the snapshots' own hold.
void snapshot_release_retire(struct snapshot_release *release);

// A prompt ready to be filled in: made when first asked for, and kept. Borrowed. STATUS_REFUSED as
// rendering_new says.
struct rendering;
enum status snapshot_release_rendering(const struct snapshot_release *release,
                                       const struct rendering **out, struct error *err);

// The file of that path, or NULL. `path` need not be terminated.
const struct snapshot_file *snapshot_release_file(const struct snapshot_release *release,
                                                  const char *path, size_t path_bytes);
