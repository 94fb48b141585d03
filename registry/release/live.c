// Moves `live`: the only place that does, and only with the gate's consent.
#include "release/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/audit_log.h"
#include "release/change_message.h"
#include "release/follow.h"
#include "store/commit.h"
#include "store/tree.h"

#define LIVE_PATH_BYTES (ID_TEXT_BYTES + 16)
#define LIVE_STABLE "stable"

enum status live_tip(struct environment *environment, struct oid *out_commit, struct oid *out_tree,
                     struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    *out_tree = (struct oid) { 0 };
    TRY(store_ref_get(environment->store, LIVE_REF, out_commit, err));
    if (oid_is_none(out_commit))
        return STATUS_OK;
    TRY(commit_read(environment->store, out_commit, &commit, err));
    *out_tree = commit.tree;
    return STATUS_OK;
}

enum status live_state(struct environment *environment, const struct oid *tree,
                       const struct artifact_id *id, struct state *out, struct error *err)
{
    char path[ID_TEXT_BYTES];
    struct oid folder;
    bool is_tree;
    id_format_bare(id, path);
    TRY(tree_find(environment->store, tree, path, &folder, &is_tree, err));
    return state_read(out, environment->store, &folder, path, err);
}

// The tree of `live` as it will be.
struct building {
    struct writer_change *changes;
    char (*paths)[LIVE_PATH_BYTES];
    size_t count;
};

static void release_building(struct building *building)
{
    free(building->changes);
    free(building->paths);
}

static void add_change(struct building *building, const struct artifact_id *id, const char *name,
                       const struct oid *oid, bool is_tree)
{
    char *path = building->paths[building->count];
    id_format_bare(id, path);
    size_t length = strlen(path);
    snprintf(path + length, LIVE_PATH_BYTES - length, "/%s", name);
    building->changes[building->count++] = (struct writer_change) { path, *oid, is_tree };
}

static enum status add_artifact(struct building *building, struct writer *writer,
                                const struct live_change *change, bool was_live, struct error *err)
{
    struct oid state;
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(state_print(&text, change->state, err));
    TRY(writer_put_blob(writer, text.bytes, text.length, &state, err));
    add_change(building, &change->state->id, STATE_FILE, &state, false);
    if (was_live || !oid_is_none(&change->stable))
        add_change(building, &change->state->id, LIVE_STABLE, &change->stable, true);
    return STATUS_OK;
}

static enum status build_tree(struct writer *writer, const struct live_plan *plan,
                              const struct oid *base, struct oid *out, struct error *err)
{
    struct building building OWNED(release_building) = { 0 };
    TRY(memory_new(&building.changes, plan->proposal.count * 2, sizeof(*building.changes), err));
    TRY(memory_new(&building.paths, plan->proposal.count * 2, sizeof(*building.paths), err));
    for (size_t i = 0; i < plan->proposal.count; i++)
        TRY(add_artifact(&building, writer, &plan->changes[i],
                         plan->proposal.items[i].state->live_version != 0, err));
    return writer_put_tree(writer, base, building.changes, building.count, out, err);
}

// The move's words, for the commit's message and for the audit. `items` has room for each artifact.
static struct change_message describe(const struct live_plan *plan,
                                      struct change_message_item *items, const char *audit_head)
{
    for (size_t i = 0; i < plan->proposal.count; i++)
        items[i] = (struct change_message_item) { plan->proposal.items[i].id,
                                                  plan->proposal.items[i].digest };
    return (struct change_message) { .operation = plan->operation,
                                     .items = items,
                                     .count = plan->proposal.count,
                                     .actor = plan->actor,
                                     .reason = plan->proposal.reason,
                                     .audit = audit_head };
}

enum status live_move(struct environment *environment, const struct control *control,
                      struct writer *writer, struct live_plan *plan,
                      const struct live_signer *signer, struct finding_list *findings,
                      struct oid *out_commit, struct error *err)
{
    struct buffer words OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    struct change_message_item *items OWNED(memory_release) = NULL;
    char audit_head[AUDIT_LOG_HEAD_BYTES];
    struct writer_commit commit = { .actor = plan->actor, .time = plan->time };
    struct oid base;
    struct oid oid;
    plan->proposal.commit = NULL;
    TRY(gate_decide(environment, control, &plan->proposal, findings, err));

    TRY(live_tip(environment, &commit.parent, &base, err));
    TRY(build_tree(writer, plan, &base, &commit.tree, err));
    TRY(audit_log_head(environment, audit_head, err));
    TRY(memory_new(&items, plan->proposal.count, sizeof(*items), err));
    struct change_message message = describe(plan, items, audit_head);
    change_message_append(&words, &message);
    TRY(buffer_check(&words, err));
    commit.message = words.bytes;
    TRY(writer_commit_text(&text, &commit, err));
    TRY(live_signer_sign(signer, "git", "live", &text, &signature, err));
    struct verify_signed signed_commit = { text.bytes, text.length, buffer_text(&signature),
                                           signature.length, plan->time };
    plan->proposal.commit = &signed_commit;
    TRY(gate_decide(environment, control, &plan->proposal, findings, err));
    plan->proposal.commit = NULL;

    TRY(writer_put_commit(writer, text.bytes, signature.bytes, &oid, err));
    TRY(writer_flush(writer, err));
    TRY(store_ref_move(environment->store, LIVE_REF, &commit.parent, &oid, err));
    TRY(follow_catch_up(environment, FOLLOW_OWN, err));
    TRY(audit_log_append_change(environment, &message, &oid, err));
    *out_commit = oid;
    return STATUS_OK;
}
