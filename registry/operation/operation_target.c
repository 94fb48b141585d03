// A promotion's target, seen from the sandbox.
#include "operation/operation_target.h"

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_change.h"
#include "operation/operation_compare.h"
#include "operation/operation_result.h"
#include "release/live.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "trust/hash.h"

void operation_target_release(struct operation_target *target)
{
    operation_sealed_release(&target->source);
    content_release(&target->live);
    state_release_all(&target->state);
    control_release(&target->control);
    environment_free(target->opened);
    *target = (struct operation_target) { 0 };
}

// The draft and its evidence: from the call's sandbox, or from the seal that came in its place.
static enum status open_draft(struct operation_target *target, struct operation_call *call,
                              struct error *err)
{
    struct artifact_id id;
    TRY(id_parse_version(&id, json_get_string(call->input, "artifact", ""), err));
    TRY(operation_sealed_open(&target->source, call, call->environment, &id, 1, err));
    target->draft = &target->source.seal.items[0];
    return STATUS_OK;
}

static enum status open_live(struct operation_target *target, const struct oid *tree,
                             struct error *err)
{
    struct digest digest;
    struct oid stable;
    bool is_tree;
    struct buffer path OWNED(buffer_release) = { 0 };
    buffer_append_format(&path, "%s/%s/stable", id_kind_word(target->draft->id.kind),
                         target->draft->id.name);
    TRY(buffer_check(&path, err));
    TRY(tree_find(target->environment->store, tree, path.bytes, &stable, &is_tree, err));
    if (oid_is_none(&stable))
        return STATUS_OK;
    TRY(tree_content_read(target->environment->store, &stable, &target->live, err));
    return hash_content(&digest, &target->live, err);
}

enum status operation_target_check(const struct environment_identity *identity, const char *label,
                                   struct error *err)
{
    if (identity->environment_class == ENVIRONMENT_LIVE)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "wrong_class", "%s is a sandbox", label);
    return error_hint(err, "name the live environment with --to");
}

static enum status open_environment(struct operation_target *target, struct operation_call *call,
                                    struct error *err)
{
    struct oid commit;
    struct oid tree;
    target->environment = call->environment;
    if (call->content.count == 0) { // no seal: the call's environment is the sandbox
        TRY(environment_open(&target->opened, json_get_string(call->input, "to", ""), err));
        target->environment = target->opened;
    }
    TRY(operation_target_check(&target->environment->identity, target->environment->label, err));
    TRY(control_read(&target->control, target->environment->store, err));
    TRY(live_tip(target->environment, &commit, &tree, err));
    TRY(live_state(target->environment, &tree, &target->draft->id, &target->state, err));
    return open_live(target, &tree, err);
}

enum status operation_target_open(struct operation_target *out, struct operation_call *call,
                                  struct error *err)
{
    TRY(open_draft(out, call, err));
    TRY(open_environment(out, call, err));
    out->item =
        (struct gate_item) { .id = out->draft->id,
                             .digest = out->draft->digest,
                             .author = out->draft->author,
                             .state = &out->state,
                             .manifest = &out->draft->manifest,
                             .evidence = &out->draft->evidence,
                             .environment_evidence = &out->source.seal.environment_evidence };
    gate_approval_subject(&out->subject, out->environment, &out->control, &out->item);
    return STATUS_OK;
}

enum status operation_target_board(struct board *out, const struct operation_target *target,
                                   struct error *err)
{
    struct board_question question = { &target->control,
                                       &target->subject,
                                       &target->draft->manifest,
                                       &target->draft->evidence,
                                       &target->source.seal.environment_evidence,
                                       clock_now() };
    return board_build(out, &question, err);
}

enum status operation_target_changes(struct json *object, const struct operation_target *target,
                                     struct error *err)
{
    const struct operation_change_lookup lookup = { &target->source.seal, target->environment };
    const struct state_release *live = state_find(&target->state, target->state.live_version);
    operation_result_set_version(object, &target->draft->id, &target->draft->digest);
    if (live) {
        struct artifact_id id = target->draft->id;
        id.version = live->version;
        operation_result_set_version(json_set_object(object, "replaces"), &id, &live->digest);
    } else {
        json_set_null(object, "replaces");
    }
    TRY(operation_change_list(json_set_array(object, "summary"), &target->live,
                              &target->draft->content, &lookup, err));
    return operation_compare_contents(json_set_array(object, "files"), &target->live,
                                      &target->draft->content, err);
}
