// Approvals: an approver's SSH signature over an in-toto Statement (v1) that says: this version
// with this digest, into this environment, replacing that release, under this policy, until then.
// Source: in-toto Attestation Framework, Statement v1.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/control.h"
#include "release/evidence.h"

#define APPROVAL_NAMESPACE "greenroom-approval"
#define APPROVAL_PREDICATE_TYPE "urn:greenroom:approval:v1"

// What is approved, and for where. Change any of it and the approval is void.
struct approval_subject {
    struct artifact_id id; // with its version
    struct digest digest;
    const char *author;            // of the draft
    const char *environment_id;    // the target's
    const struct digest *replaces; // digest of what is live there; NULL: nothing is
    struct digest policy;
};

// The exact bytes to be signed: canonical JSON.
enum status approval_print(struct buffer *out, const struct approval_subject *subject, int64_t time,
                           int64_t expires, struct error *err);

// The policy's "approval_valid_for" in seconds; a week when it says nothing.
int64_t approval_valid_seconds(const struct json *policy);

// What came of looking at one record.
struct approval_verdict {
    bool counts;
    const struct allowed_signer *signer; // borrowed from control; NULL when nobody known signed
    int64_t expires;
    char reason[256]; // why it does not count
};
// Whether the record counts for the subject at `now`: signed by somebody who may sign now, could
// ever since it was made, and is not the author, about exactly this subject, neither expired nor
// withdrawn.
void approval_judge(struct approval_verdict *out, const struct control *control,
                    const struct approval_subject *subject, const struct evidence *evidence,
                    const struct evidence_record *record, int64_t now);
