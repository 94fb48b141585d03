// verify: everything at rest, from scratch.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/dossier.h"
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

// What `greenroom evidence` wrote about the release, held to what the clone says of it.
static enum status check_evidence(const struct json *given, const char *tag_name,
                                  const struct verify_release *release, struct store *store,
                                  struct error *err)
{
    struct json *wanted OWNED(json_release) = json_new_object();
    char ref[STORE_REF_BYTES + sizeof("refs/tags/")];
    struct oid tag;
    snprintf(ref, sizeof(ref), "refs/tags/%s", tag_name);
    TRY(store_ref_get(store, ref, &tag, err));
    char commit[OID_TEXT_BYTES];
    oid_format(&release->commit, commit);
    operation_result_set_version(wanted, &release->id, &release->digest);
    operation_result_set_time(wanted, "released_at", release->released_at);
    json_set_string(wanted, "author", release->author);
    json_set_string(wanted, "approver", release->approver);
    json_set_string(wanted, "commit", commit);
    TRY(dossier_add(wanted, store, &tag, &release->commit, err));
    return dossier_check(given, wanted, err);
}

// The tag that a file of evidence is about.
static enum status read_evidence(struct json **out, char tag_name[STORE_REF_BYTES],
                                 const char *text, struct error *err)
{
    struct json *given OWNED(json_release) = NULL;
    struct artifact_id id;
    TRY(json_parse(&given, text, strlen(text), err));
    TRY(id_parse(&id, json_get_string(given, "artifact", ""), err));
    id.version = json_get_integer(given, "version", 0);
    if (id.version < 1)
        return error_set(err, STATUS_INVALID, "evidence_invalid", "version: it names none");
    verify_tag_name(&id, tag_name);
    *out = MOVE(given);
    return STATUS_OK;
}

// One release in a plain clone of a live environment's store, without ledger or environment.
static enum status verify_one(struct operation_call *call, struct error *err)
{
    const char *clone = json_get_string(call->input, "clone", ".");
    const char *named = json_get_string(call->input, "release", "");
    struct store *store OWNED(store_release) = NULL;
    struct control control OWNED(control_release) = { 0 };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    struct json *given OWNED(json_release) = NULL; // NULL: a tag's name was given, not a file
    char tag_name[STORE_REF_BYTES];
    char *inner OWNED(memory_release) = NULL;
    if (named[0] == '{')
        TRY(read_evidence(&given, tag_name, named, err));
    TRY(file_join(&inner, clone, ".git", err));
    TRY(store_open(&store, file_is_folder(inner) ? inner : clone, NULL, err));
    TRY(read_control(&control, store, call, err));
    TRY(verify_release_tag(&release, store, &control, given ? tag_name : named, err));
    if (given)
        TRY(check_evidence(given, tag_name, &release, store, err));
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
        return verify_one(call, err);
    if (json_get(call->input, "approvers")) {
        error_set(err, STATUS_INVALID, "approvers_unexpected",
                  "--approvers is of no use where an environment is looked at");
        return error_hint(err, "it says who may sign what --release names");
    }
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
    { "release", "--release", "FILE|TAG",
      "only this release in a plain clone of the store: what `greenroom evidence` wrote, or a tag, "
      "e.g. release/prompt/outbound/greeting/4",
      FIELD_WORD_OR_FILE, false },
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
