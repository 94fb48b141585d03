// The environment that an artifact is checked for.
#include "operation/operation_check_target.h"

#include "base/memory.h"
#include "release/follow.h"
#include "release/live.h"
#include "store/commit.h"

void operation_check_target_release(struct operation_check_target *target)
{
    admit_world_release(&target->known);
    control_release(&target->control);
    environment_free(target->opened);
    *target = (struct operation_check_target) { 0 };
}

// The tree of the latest drafts; none before the first.
static enum status drafts_tree(struct oid *out, struct environment *environment, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid tip;
    TRY(store_ref_get(environment->store, DRAFTS_REF, &tip, err));
    if (oid_is_none(&tip))
        return STATUS_OK;
    TRY(commit_read(environment->store, &tip, &commit, err));
    *out = commit.tree;
    return STATUS_OK;
}

enum status operation_check_target_set(struct operation_check_target *out,
                                       struct environment *environment, struct error *err)
{
    struct oid commit;
    TRY(control_read(&out->control, environment->store, err));
    out->has_control = true;
    out->known.environment = environment;
    out->world = (struct check_world) { .find_manifest = admit_world_find,
                                        .policy = out->control.policy,
                                        .context = &out->known };
    if (environment->identity.environment_class == ENVIRONMENT_SANDBOX) {
        out->known.folder = "content";
        return drafts_tree(&out->known.live_tree, environment, err);
    }
    out->world.find_live = admit_world_find_live;
    return live_tip(environment, &commit, &out->known.live_tree, err);
}

enum status operation_check_target_open(struct operation_check_target *out, const char *path,
                                        struct error *err)
{
    TRY(environment_open(&out->opened, path, err));
    return operation_check_target_set(out, out->opened, err);
}

struct operation_checks_request
operation_check_target_request(const struct operation_check_target *target)
{
    const struct environment *environment = target->known.environment;
    bool is_live = environment && environment->identity.environment_class != ENVIRONMENT_SANDBOX;
    return (struct operation_checks_request) {
        .stage = is_live ? CHECK_GATE : CHECK_PUBLISH,
        .is_sandbox = !is_live,
        .world = &target->world,
        .control = target->has_control ? &target->control : NULL,
    };
}
