// The audit: what happened, as hash-chained entries in the ledger. An entry is canonical JSON; its
// hash is SHA-256 over the hex of the hash before it, a newline, and the entry.
#pragma once

#include <stdint.h>

#include "artifact/finding.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/change_message.h"
#include "release/environment.h"
#include "store/commit.h"

// The hash of an entry behind the one whose hash is `previous`.
enum status audit_log_hash(struct digest *out, const struct digest *previous, const char *entry,
                           struct error *err);

// Appends an entry, to which environment and time are added here; within a ledger's transaction.
enum status audit_log_append(struct ledger *ledger, const char *environment_id,
                             struct json *document, struct error *err);

// The entry of a commit just made: operation, actor, reason (the subject where there is none) and
// artifacts as its message has them.
enum status audit_log_append_change(struct environment *environment,
                                    const struct change_message *message, const struct oid *oid,
                                    struct error *err);

// The entry of a commit whose writer died before its ledger committed, made from its trailers.
enum status audit_log_recover(struct environment *environment, const struct oid *oid,
                              const struct commit *commit, struct error *err);

// "<sequence> <hash>" of the last entry, for the trailer of live commits.
#define AUDIT_LOG_HEAD_BYTES 96
enum status audit_log_head(struct environment *environment, char out[AUDIT_LOG_HEAD_BYTES],
                           struct error *err);

// Re-computes the chain. The first entry that does not fit becomes a finding that names its row,
// and so does what somebody else put where rows come in (ledger/alteration.h).
enum status audit_log_verify(struct environment *environment, struct finding_list *findings,
                             int64_t *out_count, struct error *err);
