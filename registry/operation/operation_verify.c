// verify: everything at rest, from scratch.
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/inspect.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct inspect_counts counts;
    TRY(inspect_environment(call->environment, &counts, &call->findings, err));
    if (finding_has_errors(&call->findings)) {
        error_set(err, STATUS_DAMAGED, "environment_damaged", "%s does not verify",
                  call->environment->path);
        return error_hint(err, "each finding says what is damaged and how it can be mended");
    }
    call->output = json_new_object();
    json_set_string(call->output, "state", "verified");
    json_set_integer(call->output, "objects", (int64_t)counts.objects);
    json_set_integer(call->output, "drafts", (int64_t)counts.drafts);
    json_set_integer(call->output, "releases", (int64_t)counts.releases);
    json_set_integer(call->output, "live", (int64_t)counts.live);
    json_set_integer(call->output, "audit_rows", counts.audit_rows);
    operation_result_set_findings(call->output, &call->findings);
    return STATUS_OK;
}

static const struct operation_field fields[] = { { 0 } };

const struct operation operation_verify = {
    .name = "verify",
    .summary = "check everything at rest: objects, digests, tags, signatures, index, audit",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
