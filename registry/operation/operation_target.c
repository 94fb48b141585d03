// A promotion's target, seen from the sandbox.
#include "operation/operation_target.h"

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_compare.h"
#include "operation/operation_result.h"
#include "release/live.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "trust/hash.h"

void operation_target_release(struct operation_target *target)
{
    evidence_release(&target->evidence);
    evidence_release(&target->environment_evidence);
    content_release(&target->evidence_files);
    content_release(&target->environment_files);
    manifest_release(&target->manifest);
    content_release(&target->content);
    content_release(&target->live);
    draft_release(&target->draft);
    state_release_all(&target->state);
    control_release(&target->control);
    environment_free(target->environment);
    *target = (struct operation_target) { 0 };
}

static enum status open_draft(struct operation_target *target, struct operation_call *call,
                              struct error *err)
{
    const char *text = json_get_string(call->input, "artifact", "");
    struct artifact_id id;
    struct digest digest;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    TRY(id_parse_version(&id, text, err));
    if (draft_read(&target->draft, call->environment, &id, err) != STATUS_OK) {
        if (err->status == STATUS_NOT_FOUND)
            error_set(err, STATUS_NOT_FOUND, "draft_unknown", "there is no draft %.300s in %s",
                      text, call->environment->path);
        return err->status;
    }
    TRY(tree_content_read(call->environment->store, &target->draft.content_tree, &target->content,
                          err));
    TRY(hash_content(&digest, &target->content, err));
    if (!digest_equal(&digest, &target->draft.digest))
        return error_set(err, STATUS_DAMAGED, "digest_mismatch",
                         "%.300s: its content does not have its digest", text);
    return manifest_read(&target->manifest, &target->content, &findings, err);
}

static enum status open_evidence(struct operation_target *target, struct operation_call *call,
                                 struct error *err)
{
    char folder[ID_TEXT_BYTES];
    evidence_folder(&target->draft.id, folder);
    TRY(evidence_read(&target->evidence_files, call->environment, folder, err));
    TRY(evidence_parse(&target->evidence, &target->evidence_files, "", err));
    TRY(evidence_read(&target->environment_files, call->environment, EVIDENCE_ENVIRONMENT_FOLDER,
                      err));
    return evidence_parse(&target->environment_evidence, &target->environment_files, "", err);
}

static enum status open_live(struct operation_target *target, const struct oid *tree,
                             struct error *err)
{
    struct digest digest;
    struct oid stable;
    bool is_tree;
    struct buffer path OWNED(buffer_release) = { 0 };
    buffer_append_format(&path, "%s/%s/stable", id_kind_word(target->draft.id.kind),
                         target->draft.id.name);
    TRY(buffer_check(&path, err));
    TRY(tree_find(target->environment->store, tree, path.bytes, &stable, &is_tree, err));
    if (oid_is_none(&stable))
        return STATUS_OK;
    TRY(tree_content_read(target->environment->store, &stable, &target->live, err));
    return hash_content(&digest, &target->live, err);
}

static enum status open_environment(struct operation_target *target, struct operation_call *call,
                                    struct error *err)
{
    const char *to = json_get_string(call->input, "to", "");
    struct oid commit;
    struct oid tree;
    TRY(environment_open(&target->environment, to, err));
    if (target->environment->identity.environment_class != ENVIRONMENT_LIVE) {
        error_set(err, STATUS_REFUSED, "wrong_class", "%s is a sandbox", to);
        return error_hint(err, "name the live environment with --to");
    }
    TRY(control_read(&target->control, target->environment->store, err));
    TRY(live_tip(target->environment, &commit, &tree, err));
    TRY(live_state(target->environment, &tree, &target->draft.id, &target->state, err));
    return open_live(target, &tree, err);
}

enum status operation_target_open(struct operation_target *out, struct operation_call *call,
                                  struct error *err)
{
    TRY(open_draft(out, call, err));
    TRY(open_evidence(out, call, err));
    TRY(open_environment(out, call, err));
    out->item = (struct gate_item) { .id = out->draft.id,
                                     .digest = out->draft.digest,
                                     .author = out->draft.author,
                                     .state = &out->state,
                                     .manifest = &out->manifest,
                                     .evidence = &out->evidence,
                                     .environment_evidence = &out->environment_evidence };
    gate_approval_subject(&out->subject, out->environment, &out->control, &out->item);
    return STATUS_OK;
}

enum status operation_target_board(struct board *out, const struct operation_target *target,
                                   struct error *err)
{
    struct board_question question = { &target->control,
                                       &target->subject,
                                       &target->manifest,
                                       &target->evidence,
                                       &target->environment_evidence,
                                       clock_now() };
    return board_build(out, &question, err);
}

enum status operation_target_changes(struct json *object, const struct operation_target *target,
                                     struct error *err)
{
    const struct state_release *live = state_find(&target->state, target->state.live_version);
    operation_result_set_version(object, &target->draft.id, &target->draft.digest);
    if (live) {
        struct artifact_id id = target->draft.id;
        id.version = live->version;
        operation_result_set_version(json_set_object(object, "replaces"), &id, &live->digest);
    } else {
        json_set_null(object, "replaces");
    }
    return operation_compare_contents(json_set_array(object, "files"), &target->live,
                                      &target->content, err);
}
