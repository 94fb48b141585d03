// verify: everything at rest, from scratch.
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/inspect.h"
#include "release/restore.h"
#include "release/verify.h"

// Who may sign: what the clone's own control branch says, or a file that was kept elsewhere, so
// that the clone is not the only witness of its own approvers.
static enum status read_control(struct control *out, struct store *store,
                                const struct operation_call *call, struct error *err)
{
    const char *approvers = json_get_string(call->input, "approvers", NULL);
    if (control_read(out, store, err) != STATUS_OK)
        TRY(control_read_ref(out, store, "refs/remotes/origin/control", err));
    if (!approvers)
        return STATUS_OK;
    allowed_signers_release(&out->approvers);
    return allowed_signers_parse(&out->approvers, approvers, strlen(approvers), err);
}

// One release in a plain clone of a live environment's store, without ledger or environment.
static enum status verify_tag(struct operation_call *call, struct error *err)
{
    const char *clone = json_get_string(call->input, "clone", ".");
    struct store *store OWNED(store_release) = NULL;
    struct control control OWNED(control_release) = { 0 };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    char *inner OWNED(memory_release) = NULL;
    TRY(file_join(&inner, clone, ".git", err));
    TRY(store_open(&store, file_is_folder(inner) ? inner : clone, NULL, err));
    TRY(read_control(&control, store, call, err));
    TRY(verify_release_tag(&release, store, &control, json_get_string(call->input, "release", ""),
                           err));
    call->output = json_new_object();
    json_set_string(call->output, "state", "verified");
    operation_result_set_version(call->output, &release.id, &release.digest);
    json_set_string(call->output, "approver", release.approver);
    json_set_string(call->output, "author", release.author);
    operation_result_set_time(call->output, "released_at", release.released_at);
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct inspect_counts counts;
    struct backup_head head;
    char head_text[BACKUP_HEAD_BYTES];
    if (json_get(call->input, "release"))
        return verify_tag(call, err);
    TRY(inspect_environment(call->environment, &counts, &call->findings, err));
    if (finding_has_errors(&call->findings)) {
        error_set(err, STATUS_DAMAGED, "environment_damaged", "%s does not verify",
                  call->environment->label);
        return error_hint(err, "each finding says what is damaged and how it can be mended");
    }
    TRY(restore_tell(call->environment, &call->findings, err));
    TRY(backup_head_read(&head, call->environment, err));
    backup_head_format(&head, head_text);
    call->output = json_new_object();
    json_set_string(call->output, "state", "verified");
    json_set_integer(call->output, "objects", (int64_t)counts.objects);
    json_set_integer(call->output, "drafts", (int64_t)counts.drafts);
    json_set_integer(call->output, "releases", (int64_t)counts.releases);
    json_set_integer(call->output, "live", (int64_t)counts.live);
    json_set_integer(call->output, "audit_rows", counts.audit_rows);
    json_set_string(call->output, "audit_head", head_text);
    operation_result_set_findings(call->output, &call->findings);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "release", "--release", "TAG",
      "only this release, e.g. release/prompt/outbound/greeting/4, in a plain clone of the store",
      FIELD_TEXT, false },
    { "clone", "--clone", "DIR", "with --release: the clone (default: this folder)", FIELD_PLACE,
      false },
    { "approvers", "--approvers", "FILE",
      "with --release: who may sign (default: what the clone itself says)", FIELD_FILE, false },
    { 0 },
};

const struct operation operation_verify = {
    .name = "verify",
    .summary = "check everything at rest: objects, digests, tags, signatures, index, audit",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .stands_alone = { "release" },
    .fields = fields,
    .run = run,
};
