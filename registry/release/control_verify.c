// Proof that the branch `control` of a live environment was changed by who may.
#include "release/control_verify.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

// What decides about what is live.
static const char *const guarded[] = { "policy.json", "holds", "quarantine", "waivers",
                                       "audit-restarts" };

struct control_walk {
    struct store *store;
    const struct control *control;
    struct finding_list *findings;
    struct oid tree_before; // none at the root
};

static enum status has_changed(const struct control_walk *walk, const struct commit *commit,
                               const char *path, bool *out, struct error *err)
{
    struct oid before;
    struct oid after;
    bool is_tree;
    TRY(tree_find(walk->store, &walk->tree_before, path, &before, &is_tree, err));
    TRY(tree_find(walk->store, &commit->tree, path, &after, &is_tree, err));
    *out = !oid_equal(&before, &after);
    return STATUS_OK;
}

static enum status find_guarded(const struct control_walk *walk, const struct commit *commit,
                                const char **out, struct error *err)
{
    *out = NULL;
    for (size_t i = 0; i < COUNT_OF(guarded) && !*out; i++) {
        bool changed = false;
        TRY(has_changed(walk, commit, guarded[i], &changed, err));
        if (changed)
            *out = guarded[i];
    }
    return STATUS_OK;
}

// Before the first approver nobody can sign.
static bool anybody_could_sign(const struct control_walk *walk, int64_t time)
{
    for (size_t i = 0; i < walk->control->approvers.count; i++) {
        const struct allowed_signer *signer = &walk->control->approvers.items[i];
        if (signer->valid_after < time && time < signer->valid_before)
            return true;
    }
    return false;
}

static enum status tell(const struct control_walk *walk, enum severity severity,
                        const struct oid *oid, const char *path, const char *why, struct error *err)
{
    bool is_warning = severity == SEVERITY_WARNING;
    char commit[OID_TEXT_BYTES];
    struct finding_draft draft = { .severity = severity };
    draft.rule = is_warning ? "verify.approvers" : "verify.control-commit";
    draft.mend = is_warning ? "look at who was added or removed; a change that an approver signs "
                              "(--sign-with) is not shown here"
                            : "somebody wrote to the store past Greenroom: look at the commit, and "
                              "restore the branch from a backup or a replica";
    oid_format(oid, commit);
    return finding_add(walk->findings, &draft, err, "control commit %s changes %s: %s", commit,
                       path, why);
}

static enum status judge(const struct control_walk *walk, const struct oid *oid,
                         const struct commit *commit, struct error *err)
{
    struct object_signed parts OWNED(object_signed_release) = { 0 };
    const struct allowed_signer *signer;
    const char *path;
    bool changes_approvers;
    struct error fault = { 0 };
    TRY(find_guarded(walk, commit, &path, err));
    TRY(has_changed(walk, commit, "approvers", &changes_approvers, err));
    TRY(object_read_signed(walk->store, oid, OBJECT_COMMIT, &parts, err));
    if (!path && parts.signature.length == 0) {
        bool is_shown = changes_approvers && anybody_could_sign(walk, commit->time);
        return is_shown ? tell(walk, SEVERITY_WARNING, oid, "who may sign",
                               "no approver signed that", err)
                        : STATUS_OK;
    }
    struct verify_signed what = { buffer_text(&parts.payload), parts.payload.length,
                                  buffer_text(&parts.signature), parts.signature.length,
                                  commit->time };
    if (verify_signature(walk->control, &what, &signer, &fault) == STATUS_OK)
        return STATUS_OK;
    return tell(walk, SEVERITY_ERROR, oid, path ? path : "the environment", fault.message, err);
}

static enum status visit(void *context, const struct oid *oid, const struct commit *commit,
                         struct error *err)
{
    struct control_walk *walk = context;
    // The first commit makes the environment: there is nobody yet who could sign it.
    if (!oid_is_none(&commit->parent))
        TRY(judge(walk, oid, commit, err));
    walk->tree_before = commit->tree;
    return STATUS_OK;
}

enum status control_verify(struct environment *environment, const struct control *control,
                           struct finding_list *findings, struct error *err)
{
    struct control_walk walk = { .store = environment->store,
                                 .control = control,
                                 .findings = findings };
    const struct oid none = { 0 };
    if (environment->identity.environment_class != ENVIRONMENT_LIVE)
        return STATUS_OK;
    return commit_each_since(environment->store, &none, &control->commit, visit, &walk, err);
}
