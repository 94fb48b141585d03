// Seals: content and all its evidence in one piece, the only thing that crosses from a sandbox into
// a live environment. A seal is content itself (so it is written and read like any archive):
//
//   seal.json               {"format":1,"source":<environment's id>,"artifacts":[{"artifact",
//                           "digest"}]}
//   source.json             what the sandbox's bindings mean, and what is whose (boundary.h); and
//                           what the tools may do that the artifacts use ("side_effects")
//   0001/draft.json         the draft's own document
//   0001/content/…          the author's files
//   0001/evidence/NNNN-…    what was attested and approved of this version
//   environment/NNNN-…      what was attested of the environment
#pragma once

#include <stddef.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/evidence.h"

#define SEAL_MAX_ARTIFACTS 1000 // each is a signature to make; one seal is one commit of live

// Seals drafts: *out borrows the sandbox's store, which must outlive it.
enum status seal_make(struct content *out, struct environment *sandbox,
                      const struct artifact_id *ids, size_t count, struct error *err);

// One without artifacts, of an environment of any class: what it says of itself (source.json), and
// what was attested of it. *out borrows the environment's store, which must outlive it.
enum status seal_make_side(struct content *out, struct environment *environment, struct error *err);

// One artifact of a seal, proved: its content has its digest, its manifest its name, and its
// draft's document says the same.
struct seal_item {
    struct artifact_id id; // with its version
    struct digest digest;
    char *author;
    char *published_at;
    char *draft; // the document's text
    struct content content;
    struct content evidence_files;
    struct evidence evidence;
    struct manifest manifest;
};

// A seal, opened. Starts as {0}. Borrows the bytes of the content that it was opened from.
struct seal {
    char *source; // id of the environment that it comes from
    struct seal_item *items;
    size_t count;
    struct content environment_files;
    struct evidence environment_evidence;
    struct json *source_zone; // source.json
};
void seal_release(struct seal *seal);

// Opens a seal and proves each artifact by re-hashing it. STATUS_DAMAGED with the exact reason. The
// small files of `content` are held (content_hold): what was proved is what is checked and stored.
enum status seal_open(struct seal *out, struct content *content, struct error *err);

// The same for who wants only to know of the environment that it comes from: it may hold no
// artifacts.
enum status seal_open_side(struct seal *out, struct content *content, struct error *err);
