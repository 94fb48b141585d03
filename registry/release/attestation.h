// Attestations: a person's word that a checklist item holds.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/control.h"
#include "release/evidence.h"

#define ATTESTATION_NAMESPACE "greenroom-attestation"

struct attestation {
    const char *item;
    const struct artifact_id *id; // NULL: about the environment
    const struct digest *digest;  // likewise
    const char *destination;      // what a binding means, if that is what was looked at; NULL: no
    const char *author;
    const char *note; // NULL: none
    int64_t time;
    int64_t expires;             // INT64_MAX: as long as the policy allows
    const struct content *files; // hashed; NULL: none
};

// The document's bytes, canonical, as they are kept and signed.
enum status attestation_print(struct buffer *out, const struct attestation *attestation,
                              struct error *err);

// Whether the record carries a signature of somebody who may sign now, and could when it was made.
bool attestation_is_signed(const struct control *control, const struct evidence_record *record,
                           int64_t now);
