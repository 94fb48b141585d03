// reject: this version shall not go live.
#include "operation/operation_remark.h"
#include "operation/operation_rows.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_remark_subject subject;
    TRY(operation_remark_find(&subject, call, json_get_string(call->input, "artifact", ""), err));
    return operation_remark_add(call, &subject, EVIDENCE_REJECTION, "reason",
                                json_get_string(call->input, "reason", ""), err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, true },
    { "reason", "--reason", "TEXT", "what has to be mended", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_reject = {
    .name = "reject",
    .summary = "say that a draft shall not go live, and why",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .is_scoped = true,
    .elsewhere = "drafts are rejected in their sandbox",
    .writes = true,
    .fields = fields,
    .run = run,
};
