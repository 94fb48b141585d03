// plan: what a promotion would change, and what the gate would say, without doing it.
#include <stdlib.h>

#include "base/memory.h"
#include "operation/operation_change.h"
#include "operation/operation_compare.h"
#include "operation/operation_input.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_sealed.h"
#include "release/admit.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "trust/hash.h"

static enum status open_live(struct content *out, struct operation_call *call,
                             const struct oid *tree, const struct artifact_id *id,
                             struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct digest unused;
    struct oid stable;
    bool is_tree;
    buffer_append_format(&path, "%s/%s/stable", id_kind_word(id->kind), id->name);
    TRY(buffer_check(&path, err));
    TRY(tree_find(call->environment->store, tree, path.bytes, &stable, &is_tree, err));
    if (oid_is_none(&stable))
        return STATUS_OK;
    TRY(tree_content_read(call->environment->store, &stable, out, err));
    return hash_content(&unused, out, err);
}

static enum status add_change(struct json *list, struct operation_call *call,
                              const struct operation_sealed *source, const struct oid *tree,
                              const struct seal_item *item, struct error *err)
{
    const struct operation_change_lookup lookup = { &source->seal, call->environment };
    struct content live OWNED(content_release) = { 0 };
    struct state state OWNED(state_release_all) = { 0 };
    struct json *change = json_append_object(list);
    TRY(live_state(call->environment, tree, &item->id, &state, err));
    TRY(open_live(&live, call, tree, &item->id, err));
    operation_result_set_version(change, &item->id, &item->digest);
    if (state.live_version)
        json_set_integer(change, "replaces", state.live_version);
    else
        json_set_null(change, "replaces");
    TRY(operation_change_list(json_set_array(change, "summary"), &live, &item->content, &lookup,
                              err));
    return operation_compare_contents(json_set_array(change, "files"), &live, &item->content, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_sealed source OWNED(operation_sealed_release) = { 0 };
    struct artifact_id *ids OWNED(memory_release) = NULL;
    struct admit_result result OWNED(admit_result_release) = { 0 };
    struct oid commit;
    struct oid tree;
    size_t count;
    TRY(operation_input_versions(&ids, &count, call, "artifacts", err));
    TRY(operation_sealed_open(&source, call, NULL, ids, count, err));
    struct admit_request request = { .seal = &source.seal, .actor = call->actor };
    enum status status = admit_preview(call->environment, &request, &call->findings, &result, err);
    if (status != STATUS_OK && status != STATUS_REFUSED)
        return status;
    TRY(live_tip(call->environment, &commit, &tree, err));
    call->output = json_new_object();
    json_set_bool(call->output, "allowed", status == STATUS_OK);
    struct json *changes = json_set_array(call->output, "changes");
    for (size_t i = 0; i < source.seal.count; i++)
        TRY(add_change(changes, call, &source, &tree, &source.seal.items[i], err));
    operation_result_set_findings(call->output, &call->findings);
    finding_list_release(&call->findings); // they stand in the output
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifacts", NULL, "KIND/NAME@V", "the drafts", FIELD_LIST, true },
    { "from", "--from", "DIR", "the sandbox", FIELD_OTHER, true },
    { "to", "--to", "DIR", "the live environment", FIELD_ENVIRONMENT, true },
    { 0 },
};

const struct operation operation_plan = {
    .name = "plan",
    .summary = "show what a promotion would change, and what the gate would say to it",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_LIVE,
    .classes_with_seal = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "name the live environment with --to, and the sandbox with --from",
    .fields = fields,
    .run = run,
};
