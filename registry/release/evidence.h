// Evidence: records bound to a digest or to an environment, on the sandbox's branch `evidence`:
// attestations, approvals, rejections, withdrawals. They travel with a seal and end in the release.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/change_message.h"
#include "release/environment.h"

#define EVIDENCE_REF "refs/heads/evidence"
#define EVIDENCE_MAX_RECORDS 1000              // of one version, or of the environment
#define EVIDENCE_MAX_RECORD_BYTES (256U << 10) // a document; attached files are apart

// A record dated further ahead than the clocks of two machines may differ does not count: its span
// would begin when it pleases.
#define EVIDENCE_CLOCK_SKEW_SECONDS 300

enum evidence_type {
    EVIDENCE_ATTESTATION, // a person's word on a checklist item
    EVIDENCE_APPROVAL,    // a signed statement (release/approval.h)
    EVIDENCE_REJECTION,   // this version shall not go live
    EVIDENCE_WITHDRAWAL,  // an approval or attestation is taken back
    EVIDENCE_TYPE_COUNT,
};
const char *evidence_type_word(enum evidence_type type);

// One record. Signed ones keep the exact bytes that were signed.
struct evidence_record {
    char *name; // "0003-approval"
    enum evidence_type type;
    char *text; // the document's bytes
    size_t text_bytes;
    char *signature; // armoured; NULL when it is not signed
    struct json *document;
};

// In the order in which they were added. Starts as {0}.
struct evidence {
    struct evidence_record *records;
    size_t count;
    size_t capacity;
};
void evidence_release(struct evidence *evidence);

// Reads the records among the files below `folder` of sealed content ("" for all of it). Names that
// are no record's (attached files) are passed over. STATUS_DAMAGED when one is malformed.
enum status evidence_parse(struct evidence *out, const struct content *content, const char *folder,
                           struct error *err);

// Where a version's records stand in the branch: "prompt/outbound/greeting/4"; and the
// environment's.
void evidence_folder(const struct artifact_id *id, char out[ID_TEXT_BYTES]);
#define EVIDENCE_ENVIRONMENT_FOLDER "environment"

// The content of a folder of the branch's tip: empty when there is none. The store must outlive it.
enum status evidence_read(struct content *out, struct environment *environment, const char *folder,
                          struct error *err);

// Adds one record within a write's frame, as a commit of its own. `attached` (may be NULL) are
// files kept beside it. *out_name gets "0003-approval".
struct evidence_addition {
    const char *folder;
    enum evidence_type type;
    const char *text;
    const char *signature; // NULL: not signed
    const struct content *attached;
    const struct change_message *message;
};
#define EVIDENCE_NAME_BYTES 32
enum status evidence_add(struct environment *environment, const struct evidence_addition *addition,
                         char out_name[EVIDENCE_NAME_BYTES], struct error *err);

// Whether a later record takes this one back.
bool evidence_is_withdrawn(const struct evidence *evidence, const struct evidence_record *record);

// The rejection of this digest, or NULL.
const struct evidence_record *evidence_find_rejection(const struct evidence *evidence,
                                                      const struct digest *digest);
