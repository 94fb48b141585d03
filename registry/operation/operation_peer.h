// The other environment, as a command names it: a folder with --peer, or a seal that came from it
// (also one of the environment alone).
#pragma once

#include "operation/operation.h"
#include "release/evidence.h"
#include "release/seal.h"

// Starts as {0}.
struct operation_peer {
    struct json *side;               // as boundary_describe makes it; NULL: none was named
    struct evidence evidence;        // of its environment; empty when it is not a sandbox
    struct content evidence_files;   // behind `evidence`
    struct environment *environment; // behind those
    struct seal seal;                // likewise, when it was a seal
};
void operation_peer_release(struct operation_peer *peer);

// Opens what "peer", or the call's content (a seal), names.
enum status operation_peer_open(struct operation_peer *out, struct operation_call *call,
                                struct error *err);
const struct evidence *operation_peer_evidence(const struct operation_peer *peer);
