// The audit: what happened, as hash-chained entries in the ledger. An entry is canonical JSON; its
// hash is SHA-256 over the hex of the hash before it, a newline, and the entry.
#pragma once

#include <stdint.h>

#include "artifact/finding.h"
#include "artifact/id.h"
#include "base/error.h"
#include "release/environment.h"
#include "store/commit.h"

// One entry. NULL strings are left out.
struct audit_log_entry {
    const char *operation;
    const char *actor;
    const char *outcome; // "done" or "refused"
    const struct artifact_id *artifacts;
    size_t artifact_count;
    const char *commit; // of the branch that moved
    const char *reason;
};

// Appends an entry, within a write's frame.
enum status audit_log_append(struct environment *environment, const struct audit_log_entry *entry,
                             struct error *err);

// The entry of a commit whose writer died before its ledger committed, made from its trailers.
enum status audit_log_recover(struct environment *environment, const struct oid *oid,
                              const struct commit *commit, struct error *err);

// "<sequence> <hash>" of the last entry, for the trailer of live commits.
#define AUDIT_LOG_HEAD_BYTES 96
enum status audit_log_head(struct environment *environment, char out[AUDIT_LOG_HEAD_BYTES],
                           struct error *err);

// Re-computes the chain. The first entry that does not fit becomes a finding that names its row.
enum status audit_log_verify(struct environment *environment, struct finding_list *findings,
                             int64_t *out_count, struct error *err);
