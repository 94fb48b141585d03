// Proof that what the store holds may be served: signatures, digests and names, from the objects
// alone. The server, `greenroom verify` and the gate ask the same functions.
#pragma once

#include <stdint.h>

#include "artifact/content.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "release/control.h"
#include "release/state.h"
#include "store/store.h"

#define RELEASE_FILE "release.json" // in the tree of a release commit
#define RELEASE_CONTENT "content"   // likewise
#define RELEASE_EVIDENCE "evidence" // likewise

// A release's tag without "refs/tags/": "release/<kind>/<name>/<version>".
void verify_tag_name(const struct artifact_id *id, char out[STORE_REF_BYTES]);

// Something signed with git's namespace, and when it says it was.
struct verify_signed {
    const char *payload;
    size_t payload_bytes;
    const char *signature; // armoured
    size_t signature_bytes;
    int64_t time;
};
// Whether an approver who was valid at that time signed it. STATUS_REFUSED with the reason.
// *out_signer is borrowed from `control`.
enum status verify_signature(const struct control *control, const struct verify_signed *what,
                             const struct allowed_signer **out_signer, struct error *err);

// A release whose tag, signature, digest and manifest were verified. Starts as {0}. The content
// reads from the store, which must outlive it.
struct verify_release {
    struct artifact_id id; // with its version
    struct digest digest;
    int64_t released_at;
    struct oid commit;                      // the release commit
    struct oid content_tree;                // the same tree as `stable/` while it is live
    char *approver;                         // principal whose key signed the tag
    char signer[SSH_KEY_FINGERPRINT_BYTES]; // of that key
    int64_t signed_at;                      // the tag's time
    char *author;                           // who published the draft
    struct content content;                 // sealed and hashed
    struct manifest manifest;
};
void verify_release_free(struct verify_release *release);

// Verifies one release from its tag's object: the tag is signed by an approver who was valid at the
// tag's time and is not the draft's author; its name, release.json and content agree with
// `expected` (version, digest) and with `id`. STATUS_DAMAGED with the reason. `manifests` is kept
// by who verifies many, since it takes longer to make than one release to verify.
enum status verify_release_read(struct verify_release *out, struct store *store,
                                const struct control *control,
                                const struct manifest_reader *manifests,
                                const struct artifact_id *id, const struct state_release *expected,
                                struct error *err);

// The same, knowing nothing but the tag's ref ("refs/tags/release/prompt/outbound/greeting/4" or
// without "refs/tags/"): what it must agree with is read from its own name and release.json.
// STATUS_NOT_FOUND when there is no such tag.
enum status verify_release_tag(struct verify_release *out, struct store *store,
                               const struct control *control, const char *tag, struct error *err);

// Verifies a commit of `live`: signed by an approver who was valid at its time. STATUS_DAMAGED.
enum status verify_live_commit(struct store *store, const struct control *control,
                               const struct oid *commit, struct error *err);
