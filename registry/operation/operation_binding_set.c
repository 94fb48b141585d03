// binding set: what a name (crm, lead-webhook) means in this environment.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_peer.h"
#include "operation/operation_rows.h"
#include "release/bindings.h"
#include "release/board.h"
#include "release/boundary.h"
#include "release/control_edit.h"

static void free_peer(void *state)
{
    operation_peer_release(state);
    free(state);
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct operation_peer *peer = NULL;
    TRY(memory_new(&peer, 1, sizeof(*peer), err));
    call->state = peer;
    call->free_state = free_peer;
    return operation_peer_open(peer, call, err);
}

static enum status check_zone(const struct operation_call *call, const struct control *control,
                              const char *name, const char *value, struct error *err)
{
    const struct operation_peer *peer = call->state;
    struct buffer fault OWNED(buffer_release) = { 0 };
    if (strcmp(json_get_string(peer->side, "environment", ""), call->environment->identity.id) ==
        0) {
        error_set(err, STATUS_INVALID, "peer_is_same", "the peer is this very environment");
        return error_hint(err, "name the other environment with --peer");
    }
    TRY(boundary_find_fault(&fault, control->policy, peer->side, value, err));
    if (fault.length == 0)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "binding_foreign", "'%s' may not be %.300s: %.500s", name, value,
              fault.bytes);
    return error_hint(err, "give each environment a system of its own; what both may use stands in "
                           "the policy's zone.shared");
}

// A destination of events is bound in a live environment only after somebody tested that very one.
static enum status check_tested(const struct operation_call *call, const struct control *control,
                                const char *name, const char *value, struct error *err)
{
    const struct json *item = board_find_binding_item(control->policy, name);
    const char *before = json_get_string(control->bindings, name, "");
    if (!item || strcmp(before, value) == 0 ||
        call->environment->identity.environment_class != ENVIRONMENT_LIVE)
        return STATUS_OK;
    const char *missing = board_judge_destination(
        control, item, operation_peer_evidence(call->state), value, clock_now());
    if (!missing)
        return STATUS_OK;
    const char *id = json_get_string(item, "id", "");
    error_set(err, STATUS_REFUSED, "binding_untested",
              "'%s' may be bound to %.300s once the policy's item %s is attested of it: %s", name,
              value, id, missing);
    return error_hint(err,
                      "after the test `greenroom attest --environment %s --destination VALUE --env "
                      "SANDBOX`, then set the binding with --peer SANDBOX, or with --seal FILE",
                      id);
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *name = json_get_string(call->input, "name", "");
    const char *value = json_get_string(call->input, "value", "");
    struct control control OWNED(control_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer subject OWNED(buffer_release) = { 0 };
    TRY(bindings_check_name(name, err));
    TRY(control_read(&control, call->environment->store, err));
    TRY(check_zone(call, &control, name, value, err));
    TRY(check_tested(call, &control, name, value, err));
    TRY(bindings_set(control.bindings, name, value, err));
    TRY(json_print_pretty(&text, control.bindings, err));
    buffer_append_format(&subject, "binding set: %s", name);
    TRY(buffer_check(&subject, err));
    struct control_edit edit = { BINDINGS_FILE, text.bytes };
    struct change_message message = { .operation = "binding set",
                                      .subject = subject.bytes,
                                      .actor = call->actor };
    TRY(control_edit_commit(call->environment, &edit, 1, &message, err));
    call->output = MOVE(control.bindings);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "name", NULL, "NAME", "e.g. crm, lead-webhook, main-number", FIELD_TEXT, true },
    { "value", NULL, "VALUE", "an endpoint, a number, or the name of a secret (never the secret)",
      FIELD_TEXT, true },
    { "peer", "--peer", "DIR",
      "the other environment: nothing of its may be meant, and what it attested counts", FIELD_PEER,
      false },
    { "seal", "--seal", "FILE",
      "a seal that came from it, or what `environment describe` wrote, where it is out of reach",
      FIELD_SEAL, false },
    { 0 },
};

const struct operation operation_binding_set = {
    .name = "binding set",
    .summary = "say what a name means in this environment",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
