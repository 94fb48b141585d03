// What a snapshot consists of. Inside snapshot/ only.
#pragma once

#include "snapshot/key_table.h"
#include "snapshot/listing.h"
#include "snapshot/retired.h"
#include "snapshot/signer_index.h"
#include "snapshot/snapshot.h"
#include "snapshot/table.h"

// A commit of `control`, and its keys by digest; shared by all states until control moves.
struct snapshot_control {
    unsigned users; // states; the writer's own
    struct control control;
    struct key_table *keys;
    struct signer_index *signers;
};

// States form a line, oldest first (snapshot/line.h): each is let go together with what only it and
// older ones used (`stale`), so that nothing in them needs a count of its users.
struct snapshot {
    uint64_t serial;
    struct oid live; // none before the first promotion
    struct oid live_tree;
    char commit[OID_TEXT_BYTES];
    char control_commit[OID_TEXT_BYTES];
    struct snapshot_control *control;
    struct table *table;
    struct listing *listing;
    _Atomic(struct snapshot_text *) live_text; // NULL until somebody asks
    struct retired stale;                      // what the next state does not share
    struct snapshot *newer;
    // Earlier states of live, newest first, each of another commit: for calls that began with one.
    size_t held_count;
    struct snapshot *held[];
};

// Whether the key reaches every artifact, whatever it is called.
bool snapshot_key_reaches_all(const struct control_key *key);
