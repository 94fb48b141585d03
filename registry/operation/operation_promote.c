// promote: drafts from a sandbox become what callers get.
#include <stdlib.h>

#include "base/memory.h"
#include "operation/operation_admission.h"
#include "operation/operation_input.h"
#include "operation/operation_rows.h"
#include "operation/operation_sealed.h"

static void free_source(void *state)
{
    operation_sealed_release(state);
    free(state);
}

// The sandbox is read, and everything proved, before production is locked.
static enum status prepare(struct operation_call *call, struct error *err)
{
    struct operation_sealed *source = NULL;
    struct artifact_id *ids OWNED(memory_release) = NULL;
    size_t count = 0;
    TRY(memory_new(&source, 1, sizeof(*source), err));
    call->state = source;
    call->free_state = free_source;
    TRY(operation_input_versions(&ids, &count, call, "artifacts", err));
    return operation_sealed_open(source, call, NULL, ids, count, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    const struct operation_sealed *source = call->state;
    return operation_admission_run(call, "promote", &source->seal, err);
}

static const struct operation_field fields[] = {
    { "artifacts", NULL, "KIND/NAME@V", "the drafts; several become live together, or none does",
      FIELD_LIST, true },
    { "from", "--from", "DIR", "the sandbox", FIELD_OTHER, true },
    { "to", "--to", "DIR", "the live environment", FIELD_ENVIRONMENT, true },
    { "sign-with", "--sign-with", "SSH-KEY",
      "an approver's key, as for ssh-keygen -Y sign -f: a private key, or the .pub of one in an "
      "agent",
      FIELD_SIGNER, true },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, false },
    OPERATION_ADMISSION_FIELDS,
    { 0 },
};

const struct operation operation_promote = {
    .name = "promote",
    .summary = "make drafts live: signed, tagged, all or none",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_LIVE,
    .classes_with_seal = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "name the live environment with --to, and the sandbox with --from",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
