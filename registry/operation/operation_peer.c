// The other environment, as a command names it.
#include "operation/operation_peer.h"

#include "base/memory.h"
#include "release/boundary.h"

void operation_peer_release(struct operation_peer *peer)
{
    if (peer->seal.source) // the seal has its own
        peer->side = NULL;
    json_free(peer->side);
    evidence_release(&peer->evidence);
    content_release(&peer->evidence_files);
    seal_release(&peer->seal);
    environment_free(peer->environment);
    *peer = (struct operation_peer) { 0 };
}

static enum status open_folder(struct operation_peer *peer, const char *path, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    TRY(environment_open(&peer->environment, path, err));
    TRY(control_read(&control, peer->environment->store, err));
    peer->side = boundary_describe(&peer->environment->identity, &control);
    if (peer->environment->identity.environment_class != ENVIRONMENT_SANDBOX)
        return STATUS_OK;
    TRY(evidence_read(&peer->evidence_files, peer->environment, EVIDENCE_ENVIRONMENT_FOLDER, err));
    return evidence_parse(&peer->evidence, &peer->evidence_files, "", err);
}

enum status operation_peer_open(struct operation_peer *out, struct operation_call *call,
                                struct error *err)
{
    const char *path = json_get_string(call->input, "peer", NULL);
    if (path)
        return open_folder(out, path, err);
    if (call->content.count == 0)
        return STATUS_OK;
    TRY(seal_open_side(&out->seal, &call->content, err));
    out->side = out->seal.source_zone;
    return STATUS_OK;
}

const struct evidence *operation_peer_evidence(const struct operation_peer *peer)
{
    return peer->seal.source ? &peer->seal.environment_evidence : &peer->evidence;
}
