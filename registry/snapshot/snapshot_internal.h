// What a snapshot consists of. Inside snapshot/ only.
#pragma once

#include "snapshot/key_table.h"
#include "snapshot/listing.h"
#include "snapshot/retired.h"
#include "snapshot/snapshot.h"
#include "snapshot/table.h"

// A commit of `control`, and its keys by digest; shared by all states until control moves.
struct snapshot_control {
    struct control control;
    struct key_table *keys;
};

// States form a line, oldest first: each is let go together with what only it and older ones used
// (`stale`), so that nothing in them needs a count of its users.
struct snapshot {
    uint64_t serial;
    struct oid live; // none before the first promotion
    struct oid live_tree;
    char commit[OID_TEXT_BYTES];
    char revision[2 * OID_TEXT_BYTES];
    struct snapshot_control *control;
    struct table *table;
    struct listing *listing;
    _Atomic(struct snapshot_text *) live_text; // NULL until somebody asks
    struct retired stale;                      // what the next state does not share
    struct snapshot *newer;
};

// Whether the key reaches every artifact, whatever it is called.
bool snapshot_key_reaches_all(const struct control_key *key);
