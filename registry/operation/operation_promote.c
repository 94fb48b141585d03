// promote: drafts from a sandbox become what callers get.
#include <stdlib.h>

#include "base/memory.h"
#include "operation/operation_admission.h"
#include "operation/operation_input.h"
#include "operation/operation_rows.h"

// What crosses from the sandbox: sealed and opened before production is locked, exactly as if it
// had been a file in between.
struct promotion {
    struct environment *source;
    struct content content;
    struct seal seal;
};

static void free_promotion(void *state)
{
    struct promotion *promotion = state;
    seal_release(&promotion->seal);
    content_release(&promotion->content);
    environment_free(promotion->source);
    free(promotion);
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct promotion *promotion = NULL;
    struct artifact_id *ids OWNED(memory_release) = NULL;
    size_t count = 0;
    TRY(memory_new(&promotion, 1, sizeof(*promotion), err));
    call->state = promotion;
    call->free_state = free_promotion;
    TRY(operation_input_versions(&ids, &count, call, "artifacts", err));
    TRY(environment_open(&promotion->source, json_get_string(call->input, "from", ""), err));
    TRY(seal_make(&promotion->content, promotion->source, ids, count, err));
    return seal_open(&promotion->seal, &promotion->content, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct promotion *promotion = call->state;
    return operation_admission_run(call, "promote", &promotion->seal, err);
}

static const struct operation_field fields[] = {
    { "artifacts", NULL, "KIND/NAME@V", "the drafts; several become live together, or none does",
      FIELD_LIST, true },
    { "from", "--from", "DIR", "the sandbox", FIELD_TEXT, true },
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
    .elsewhere = "name the live environment with --to, and the sandbox with --from",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
