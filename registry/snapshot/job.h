// One artifact that has to be looked at again, because its folder in live changed, what is
// quarantined of it, or what its bindings mean: its releases read, those that are new verified, its
// entry made.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "release/control.h"
#include "snapshot/entry.h"
#include "snapshot/retired.h"
#include "snapshot/signer_index.h"
#include "store/store.h"

// What all jobs of one reload have in common. Only read by them.
struct job_context {
    const struct control *control;
    const struct signer_index *signers; // of that control
    const struct manifest_reader *manifests;
    const struct snapshot_face *face;
};

struct job {
    char *path;                      // "kind/name"
    struct oid folder;               // its tree in live; none: it is not there any more
    bool is_listed;                  // the walk over live found it, so that `folder` is known
    struct entry *before;            // as the current state has it; NULL: it is new
    struct entry *after;             // the result; NULL: nothing of it is left to serve
    struct snapshot_release **fresh; // verified by this job
    size_t fresh_count;
    size_t fresh_capacity;
};

// Reads, verifies and makes `after`. Jobs of one reload may run in several threads, each with its
// own store. STATUS_DAMAGED for what must not be served; everything stays as it was then.
enum status job_run(struct job *job, const struct job_context *context, struct store *store,
                    struct error *err);

// After the new state is in place: notes what only the old one uses.
enum status job_note_stale(const struct job *job, struct retired *stale, struct error *err);

// Frees the job; with `undo`, also what it made.
void job_release(struct job *job, bool undo);
