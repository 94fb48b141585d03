// Checks everything at rest, from scratch.
#include "release/inspect.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "release/audit_anchor.h"
#include "release/audit_log.h"
#include "release/control.h"
#include "release/control_verify.h"
#include "release/draft.h"
#include "release/emergency.h"
#include "release/follow.h"
#include "release/inspect_index.h"
#include "release/live.h"
#include "release/uses.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "trust/hash.h"

struct inspection {
    struct environment *environment;
    struct control control;
    struct oid live_tree;
    struct manifest_reader *manifests;
    struct finding_list *findings;
    struct inspect_counts *counts;
};

static void release_inspection(struct inspection *inspection)
{
    manifest_reader_free(inspection->manifests);
    control_release(&inspection->control);
}

static const char restore[] = "restore the environment from a backup or a replica";

static enum status found(struct inspection *inspection, const char *rule, const char *mend,
                         const char *message, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = rule, .mend = mend };
    return finding_add(inspection->findings, &draft, err, "%s", message);
}

static enum status found_object(void *context, const char *what, struct error *err)
{
    return found(context, "verify.object", restore, what, err);
}

static enum status inspect_objects(struct inspection *inspection, struct error *err)
{
    return object_check_all(inspection->environment->store, found_object, inspection,
                            &inspection->counts->objects, err);
}

static enum status inspect_control(struct inspection *inspection, struct error *err)
{
    struct error fault = { 0 };
    if (control_read(&inspection->control, inspection->environment->store, &fault) == STATUS_OK)
        return control_verify(inspection->environment, &inspection->control, inspection->findings,
                              err);
    return found(inspection, "verify.control", restore, fault.message, err);
}

// A draft's content has the digest that its document states, and the index says the same.
static enum status check_draft(struct inspection *inspection, const struct index_version *row,
                               struct error *fault)
{
    struct environment *environment = inspection->environment;
    struct draft draft OWNED(draft_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct digest digest;
    TRY(draft_read(&draft, environment, &row->id, fault));
    TRY(tree_content_read(environment->store, &draft.content_tree, &content, fault));
    TRY(hash_content(&digest, &content, fault));
    if (!digest_equal(&digest, &draft.digest) || !digest_equal(&digest, &row->digest))
        return error_set(fault, STATUS_DAMAGED, "digest_mismatch",
                         "its content does not have its digest");
    return STATUS_OK;
}

static enum status inspect_draft(void *context, const struct index_version *row, struct error *err)
{
    struct inspection *inspection = context;
    struct error fault = { 0 };
    inspection->counts->drafts++;
    if (check_draft(inspection, row, &fault) == STATUS_OK)
        return STATUS_OK;
    char text[ID_TEXT_BYTES];
    id_format(&row->id, text);
    error_prefix(&fault, "draft %s", text);
    return found(inspection, "verify.draft", restore, fault.message, err);
}

static enum status inspect_artifact_drafts(void *context, const struct index_version *row,
                                           struct error *err)
{
    struct inspection *inspection = context;
    return index_each_version(inspection->environment->ledger, &row->id, inspect_draft, inspection,
                              err);
}

static enum status inspect_drafts(struct inspection *inspection, struct error *err)
{
    if (inspection->environment->identity.environment_class != ENVIRONMENT_SANDBOX)
        return STATUS_OK;
    return index_each_artifact(inspection->environment->ledger, NULL, false,
                               inspect_artifact_drafts, inspection, err);
}

// The index's row of a release, compared with what git proves.
struct expected_row {
    const struct verify_release *release;
    const struct state *state;
    bool agrees;
};

static enum status compare_row(void *context, const struct index_version *row, struct error *err)
{
    (void)err;
    struct expected_row *expected = context;
    char commit[OID_TEXT_BYTES];
    oid_format(&expected->release->commit, commit);
    bool is_live = expected->state->live_version == row->id.version;
    expected->agrees = digest_equal(&row->digest, &expected->release->digest) &&
                       strcmp(row->commit, commit) == 0 && row->live == is_live;
    return STATUS_OK;
}

static enum status check_tag_ref(struct inspection *inspection, const struct artifact_id *id,
                                 const struct oid *tag, struct error *fault)
{
    char name[STORE_REF_BYTES];
    char ref[STORE_REF_BYTES + sizeof("refs/tags/")];
    struct oid found_tag;
    verify_tag_name(id, name);
    snprintf(ref, sizeof(ref), "refs/tags/%s", name);
    TRY(store_ref_get(inspection->environment->store, ref, &found_tag, fault));
    if (!oid_equal(&found_tag, tag))
        return error_set(fault, STATUS_DAMAGED, "tag_moved",
                         "%s is missing or names another tag; `greenroom reindex` makes it again",
                         ref);
    return STATUS_OK;
}

static enum status check_release(struct inspection *inspection, const struct state *state,
                                 const struct state_release *item, const struct oid *stable,
                                 struct error *fault)
{
    struct verify_release release OWNED(verify_release_free) = { 0 };
    TRY(verify_release_read(&release, inspection->environment->store, &inspection->control,
                            inspection->manifests, &state->id, item, fault));
    TRY(check_tag_ref(inspection, &release.id, &item->tag, fault));
    if (state->live_version == item->version && !oid_equal(stable, &release.content_tree))
        return error_set(fault, STATUS_DAMAGED, "live_mismatch",
                         "what is live is not the content of its release");
    struct expected_row expected = { &release, state, false };
    enum status status = index_find_version(inspection->environment->ledger, &release.id,
                                            compare_row, &expected, fault);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && !expected.agrees)) {
        char text[ID_TEXT_BYTES];
        id_format(&release.id, text);
        return error_set(fault, STATUS_DAMAGED, "index_mismatch",
                         "release %s: the index does not agree with git; `greenroom reindex`",
                         text);
    }
    return status;
}

// The server does not serve it; but somebody moved live past the gate.
static enum status check_quarantine(struct inspection *inspection, const struct state *state,
                                    struct error *err)
{
    const struct state_release *live = state_find(state, state->live_version);
    struct artifact_id id = state->id;
    char text[ID_TEXT_BYTES];
    struct buffer message OWNED(buffer_release) = { 0 };
    id.version = state->live_version;
    if (!live || !control_is_quarantined(&inspection->control, &id, &live->digest))
        return STATUS_OK;
    id_format(&id, text);
    buffer_append_format(&message, "%s is live, and in quarantine", text);
    TRY(buffer_check(&message, err));
    return found(inspection, "verify.quarantined",
                 "run the quarantine again: it takes the release out of service", message.bytes,
                 err);
}

static enum status inspect_state(void *context, const char *path, const struct oid *before,
                                 const struct oid *after, struct error *err)
{
    (void)before;
    struct inspection *inspection = context;
    struct store *store = inspection->environment->store;
    struct state state OWNED(state_release_all) = { 0 };
    struct error fault = { 0 };
    struct oid stable;
    bool is_tree;
    if (state_read(&state, store, after, path, &fault) != STATUS_OK ||
        tree_find(store, after, "stable", &stable, &is_tree, &fault) != STATUS_OK)
        return found(inspection, "verify.state", restore, fault.message, err);
    inspection->counts->live += state.live_version != 0;
    TRY(check_quarantine(inspection, &state, err));
    TRY(emergency_warn(&state, clock_now(), inspection->findings, err));
    if (uses_inspect(inspection->environment, &inspection->live_tree, &state, after,
                     inspection->findings, &fault) != STATUS_OK)
        TRY(found(inspection, "verify.index", restore, fault.message, err));
    for (size_t i = 0; i < state.count; i++) {
        inspection->counts->releases++;
        if (check_release(inspection, &state, &state.releases[i], &stable, &fault) != STATUS_OK)
            TRY(found(inspection, "verify.release", restore, fault.message, err));
    }
    return STATUS_OK;
}

static enum status inspect_live_commit(void *context, const struct oid *oid,
                                       const struct commit *commit, struct error *err)
{
    (void)commit;
    struct inspection *inspection = context;
    struct error fault = { 0 };
    if (verify_live_commit(inspection->environment->store, &inspection->control, oid, &fault) ==
        STATUS_OK)
        return STATUS_OK;
    return found(inspection, "verify.live", restore, fault.message, err);
}

static enum status walk_live(struct inspection *inspection, struct error *err)
{
    struct store *store = inspection->environment->store;
    const struct oid none = { 0 };
    struct oid commit;
    TRY(live_tip(inspection->environment, &commit, &inspection->live_tree, err));
    TRY(tree_each_change(store, &none, &inspection->live_tree, STATE_FILE, inspect_state,
                         inspection, err));
    return commit_each_since(store, &none, &commit, inspect_live_commit, inspection, err);
}

static enum status inspect_live(struct inspection *inspection, struct error *err)
{
    struct error fault = { 0 };
    if (inspection->environment->identity.environment_class != ENVIRONMENT_LIVE)
        return STATUS_OK;
    if (walk_live(inspection, &fault) == STATUS_OK)
        return STATUS_OK;
    return found(inspection, "verify.live", restore, fault.message, err);
}

static enum status inspect_rows(struct inspection *inspection, struct error *err)
{
    struct error fault = { 0 };
    if (inspect_index(inspection->environment, inspection->findings, &fault) == STATUS_OK)
        return STATUS_OK;
    return found(inspection, "verify.index", restore, fault.message, err);
}

static enum status inspect_audit(struct inspection *inspection, struct error *err)
{
    struct error fault = { 0 };
    TRY(audit_log_verify(inspection->environment, inspection->findings,
                         &inspection->counts->audit_rows, err));
    // A commit that cannot be read was found as an object already.
    if (audit_anchor_verify(inspection->environment, inspection->findings, &fault) == STATUS_OK)
        return STATUS_OK;
    return found(inspection, "verify.audit", restore, fault.message, err);
}

enum status inspect_environment(struct environment *environment, struct inspect_counts *out,
                                struct finding_list *findings, struct error *err)
{
    static enum status (*const parts[])(struct inspection * inspection, struct error * err) = {
        inspect_objects, inspect_control, inspect_drafts, inspect_live, inspect_rows, inspect_audit,
    };
    *out = (struct inspect_counts) { 0 };
    struct inspection inspection OWNED(
        release_inspection) = { .environment = environment, .findings = findings, .counts = out };
    TRY(manifest_reader_new(&inspection.manifests, err));
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        TRY(parts[i](&inspection, err));
    return STATUS_OK;
}
