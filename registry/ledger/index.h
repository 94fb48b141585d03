// The index: versions and what is live, as rows to find things fast. Everything in it can be
// rebuilt from git; index_clear and a replay give the same rows.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/error.h"
#include "ledger/ledger.h"

// One version: in a sandbox a draft, in a live environment a release. Strings are borrowed: on
// writing from the caller, in a visit until the visit returns. NULL strings count as "".
struct index_version {
    struct artifact_id id; // with its version
    struct digest digest;
    const char *content;  // object id of the content's tree
    const char *commit;   // the drafts commit that made it, or the release commit
    const char *tag;      // object id of the release tag; "" for a draft
    const char *author;   // who published the draft
    const char *approver; // who signed the release; "" for a draft
    int64_t time;         // published, or released
    const char *note;     // publish note, or reason of the release
    bool live;            // read only: it is what callers get now
    int64_t live_since;   // read only: since when; 0 when it is not live
};

// Writes belong into a transaction (ledger_begin). A visit may read the ledger, not write to it;
// the first status that is not STATUS_OK ends the walk and is its answer.

// Empties the index tables and the tips, not the audit.
enum status index_clear(struct ledger *ledger, struct error *err);

// Inserts, or replaces the row of that version.
enum status index_put_version(struct ledger *ledger, const struct index_version *version,
                              struct error *err);

// Says which version of an artifact is live (id.version; 0: none any more) and since when.
// STATUS_NOT_FOUND when that version was never put: releases are put before they are made live.
enum status index_set_live(struct ledger *ledger, const struct artifact_id *id, int64_t since,
                           struct error *err);

typedef enum status (*index_visit)(void *context, const struct index_version *version,
                                   struct error *err);

// The row of one version; with id.version 0 the latest. Visits once, or answers STATUS_NOT_FOUND.
enum status index_find_version(struct ledger *ledger, const struct artifact_id *id,
                               index_visit visit, void *context, struct error *err);

// The live version's row; STATUS_NOT_FOUND when nothing is live under that id.
enum status index_find_live(struct ledger *ledger, const struct artifact_id *id, index_visit visit,
                            void *context, struct error *err);

// All versions of one artifact, newest first.
enum status index_each_version(struct ledger *ledger, const struct artifact_id *id,
                               index_visit visit, void *context, struct error *err);

// One row for each artifact whose "kind/name" matches the glob (NULL: all; see text_matches: `*`
// also stands for '/', `?` for one byte, everything else for itself), in bytewise order of
// "kind/name": the live version with `live_only`, else the latest. What stands before the first
// wildcard narrows the walk. STATUS_INVALID for a pattern over INDEX_MAX_PATTERN_BYTES.
#define INDEX_MAX_PATTERN_BYTES 512 // nearly twice the longest "kind/name"
enum status index_each_artifact(struct ledger *ledger, const char *pattern, bool live_only,
                                index_visit visit, void *context, struct error *err);

// Until when an emergency release is open; 0: it is none, or none any more.
enum status index_put_emergency(struct ledger *ledger, const struct artifact_id *id, int64_t until,
                                struct error *err);
enum status index_find_emergency(struct ledger *ledger, const struct artifact_id *id, int64_t *out,
                                 struct error *err);
