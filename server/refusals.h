// Refusals of keys, counted for the audit: the first of a sort becomes an entry at once, and what
// follows within a window becomes one more entry with its count, so that nobody can fill the disk
// by asking with wrong keys.
#pragma once

#include <stdint.h>

#include "artifact/id.h"
#include "authenticator.h"
#include "base/error.h"
#include "journal.h"
#include "release/control_key.h"
#include "release/environment.h"

#define REFUSALS_WINDOW_SECONDS 600 // then what was counted is entered, and counting begins anew
#define REFUSALS_MAX_ROWS 32        // told apart in one window; more are counted by their reason
#define REFUSALS_MAX_NOTES 1024     // between two looks of the journal, a power of two

// What a worker leaves in the ring. Never the key itself.
struct refusal_note {
    enum authenticator_refusal reason;
    char key[CONTROL_KEY_ID_BYTES]; // id of a known key; 12 digits of an unknown one's SHA-256; ""
    char environment[ACCESS_KEY_ENVIRONMENT_BYTES]; // of a foreign key: whose it is
    char artifact[ID_TEXT_BYTES];                   // that its scopes do not reach
    int64_t time;
};

struct refusals;

enum status refusals_new(struct refusals **out, const struct environment_identity *identity,
                         struct error *err);
void refusals_free(struct refusals *refusals);
void refusals_release(struct refusals **refusals); // for OWNED

// Where workers put their notes.
struct ring *refusals_ring(struct refusals *refusals);

// What the journal does with them. Borrows `refusals`.
struct journal_sink refusals_sink(struct refusals *refusals);
