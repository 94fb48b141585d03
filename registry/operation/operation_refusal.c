// What was refused because of who signed or asked goes into the audit.
#include "operation/operation_refusal.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "release/audit_refusal.h"

#define REASON_MAX_BYTES 2000 // several findings, one after the other

// Findings of the gate, and errors, that are about a key.
static const char *const rules[] = { "gate.approver", "gate.own-draft", "gate.second-signature" };
static const char *const codes[] = { "approver_unknown", "approval_void", "signature_invalid",
                                     "role_missing" };

static bool holds(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (word && strcmp(words[i], word) == 0)
            return true;
    return false;
}

// Why; nothing when it is not about a key.
static void append_reason(struct buffer *out, const struct operation_call *call,
                          const struct error *refusal)
{
    for (size_t i = 0; i < call->findings.count; i++) {
        const struct finding *finding = &call->findings.items[i];
        if (!holds(rules, COUNT_OF(rules), finding->rule) || out->length > REASON_MAX_BYTES)
            continue;
        buffer_append_format(out, "%s%s: %s", out->length ? "; " : "", finding->rule,
                             finding->message);
    }
    if (holds(codes, COUNT_OF(codes), refusal->code))
        buffer_append_format(out, "%s", refusal->message);
}

static enum status append(struct environment *environment, const struct audit_refusal *refusal,
                          struct error *err)
{
    TRY(ledger_begin(environment->ledger, err));
    enum status status =
        audit_refusal_append(environment->ledger, environment->identity.id, refusal, err);
    if (status == STATUS_OK)
        return ledger_commit(environment->ledger, err);
    ledger_rollback(environment->ledger);
    return status;
}

void operation_refusal_record(const struct operation *operation, const struct operation_call *call,
                              const struct error *refusal)
{
    struct buffer reason OWNED(buffer_release) = { 0 };
    struct error unheard;
    if (!call->environment || !operation->writes)
        return;
    append_reason(&reason, call, refusal);
    if (reason.length == 0 || buffer_check(&reason, &unheard) != STATUS_OK)
        return;
    const struct json *one = json_get(call->input, "artifact");
    struct audit_refusal entry = { .operation = operation->name,
                                   .actor = call->actor,
                                   .reason = reason.bytes,
                                   .artifacts = one ? one : json_get(call->input, "artifacts"),
                                   .count = 1 };
    (void)append(call->environment, &entry, &unheard);
}
