// Keeps the index following git.
#include "release/follow.h"

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "release/audit_log.h"
#include "release/control.h"
#include "release/evidence.h"
#include "release/state.h"
#include "release/uses.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

#define DOCUMENT_MAX_BYTES (64U << 10) // draft.json or release.json

// One branch's catching up.
struct following {
    struct environment *environment;
    size_t branch;
    bool audits;            // whether to enter what is applied into the audit as well
    struct control control; // read when the first release needs it: who signed is told by the key
};

// One commit being applied.
struct applying {
    struct environment *environment;
    struct following *following;
    const struct commit *commit;
    char commit_text[OID_TEXT_BYTES];
};

static void release_following(struct following *following)
{
    control_release(&following->control);
}

static enum status read_document(struct store *store, const struct oid *folder, const char *path,
                                 struct json **out, struct error *err)
{
    struct oid blob;
    bool is_tree;
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(tree_find(store, folder, path, &blob, &is_tree, err));
    if (oid_is_none(&blob))
        return error_set(err, STATUS_DAMAGED, "document_missing", "there is no %s", path);
    TRY(object_read_blob(store, &blob, DOCUMENT_MAX_BYTES, &text, err));
    if (json_parse(out, buffer_text(&text), text.length, err) != STATUS_OK) {
        err->status = STATUS_DAMAGED;
        return error_prefix(err, "%s", path);
    }
    return STATUS_OK;
}

static enum status find_content(struct store *store, const struct oid *tree,
                                char out[OID_TEXT_BYTES], struct error *err)
{
    struct oid content;
    bool is_tree;
    TRY(tree_find(store, tree, RELEASE_CONTENT, &content, &is_tree, err));
    oid_format(&content, out);
    return STATUS_OK;
}

// A draft's folder as this commit left it.
static enum status apply_draft(void *context, const char *path, const struct oid *before,
                               const struct oid *after, struct error *err)
{
    (void)before;
    struct applying *applying = context;
    struct store *store = applying->environment->store;
    struct json *draft OWNED(json_release) = NULL;
    char content[OID_TEXT_BYTES];
    if (oid_is_none(after)) // drafts are never removed; an older version's row stays true
        return STATUS_OK;
    TRY(read_document(store, after, DRAFT_FILE, &draft, err));
    TRY(find_content(store, after, content, err));
    struct index_version version = { .content = content,
                                     .commit = applying->commit_text,
                                     .author = json_get_string(draft, "author", ""),
                                     .note = json_get_string(draft, "note", "") };
    TRY(id_parse_bare(&version.id, path, err));
    version.id.version = (uint32_t)json_get_integer(draft, "version", 0);
    TRY(digest_parse(&version.digest, json_get_string(draft, "digest", ""), err));
    TRY(clock_parse(&version.time, json_get_string(draft, "published_at", ""), err));
    return index_put_version(applying->environment->ledger, &version, err);
}

// A release's tag object is what counts; its ref is for people and their tools, and comes back here
// should it be missing.
static enum status restore_tag_ref(struct store *store, const struct artifact_id *id,
                                   const struct oid *tag, struct error *err)
{
    char name[STORE_REF_BYTES];
    char ref[STORE_REF_BYTES + sizeof("refs/tags/")];
    struct oid found;
    const struct oid none = { 0 };
    verify_tag_name(id, name);
    snprintf(ref, sizeof(ref), "refs/tags/%s", name);
    TRY(store_ref_get(store, ref, &found, err));
    return oid_equal(&found, tag)
               ? STATUS_OK
               : store_ref_move(store, ref, oid_is_none(&found) ? &none : &found, tag, err);
}

// The approver whose key signed a tag; "" when nobody who may.
static enum status find_approver(struct applying *applying, const struct oid *tag, int64_t time,
                                 const char **out, struct error *err)
{
    struct control *control = &applying->following->control;
    struct object_signed parts OWNED(object_signed_release) = { 0 };
    const struct allowed_signer *signer;
    struct error unknown;
    *out = "";
    if (oid_is_none(&control->commit))
        TRY(control_read(control, applying->environment->store, err));
    TRY(object_read_signed(applying->environment->store, tag, OBJECT_TAG, &parts, err));
    struct verify_signed what = { buffer_text(&parts.payload), parts.payload.length,
                                  buffer_text(&parts.signature), parts.signature.length, time };
    if (verify_signature(control, &what, &signer, &unknown) == STATUS_OK)
        *out = signer->name;
    return STATUS_OK;
}

static enum status apply_release(struct applying *applying, const struct state *state,
                                 const struct state_release *release, struct error *err)
{
    struct store *store = applying->environment->store;
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    char tag_text[OID_TEXT_BYTES];
    char commit_text[OID_TEXT_BYTES];
    char content[OID_TEXT_BYTES];
    TRY(commit_read_tag(store, &release->tag, &tag, err));
    TRY(commit_read(store, &tag.target, &commit, err));
    TRY(read_document(store, &commit.tree, RELEASE_FILE, &document, err));
    TRY(find_content(store, &commit.tree, content, err));
    const char *approver;
    TRY(find_approver(applying, &release->tag, tag.time, &approver, err));
    oid_format(&release->tag, tag_text);
    oid_format(&tag.target, commit_text);
    struct index_version version = { .id = state->id,
                                     .digest = release->digest,
                                     .content = content,
                                     .commit = commit_text,
                                     .tag = tag_text,
                                     .author = json_get_string(document, "author", ""),
                                     .approver = approver,
                                     .time = release->released_at,
                                     .note = json_get_string(document, "reason", "") };
    version.id.version = release->version;
    TRY(index_put_version(applying->environment->ledger, &version, err));
    return restore_tag_ref(store, &version.id, &release->tag, err);
}

static enum status apply_emergencies(struct applying *applying, const struct state *before,
                                     const struct state *after, struct error *err)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct state_release *release = &after->releases[i];
        const struct state_release *old = state_find(before, release->version);
        struct artifact_id id = after->id;
        id.version = release->version;
        if ((old ? old->emergency_until : 0) != release->emergency_until)
            TRY(index_put_emergency(applying->environment->ledger, &id, release->emergency_until,
                                    err));
    }
    return STATUS_OK;
}

// An artifact's state as this commit left it, against what it was before.
static enum status apply_state(void *context, const char *path, const struct oid *before,
                               const struct oid *after, struct error *err)
{
    struct applying *applying = context;
    struct state old_state OWNED(state_release_all) = { 0 };
    struct state new_state OWNED(state_release_all) = { 0 };
    TRY(state_read(&old_state, applying->environment->store, before, path, err));
    TRY(state_read(&new_state, applying->environment->store, after, path, err));
    for (size_t i = 0; i < new_state.count; i++)
        if (!state_find(&old_state, new_state.releases[i].version))
            TRY(apply_release(applying, &new_state, &new_state.releases[i], err));
    TRY(apply_emergencies(applying, &old_state, &new_state, err));
    if (new_state.live_version == old_state.live_version)
        return STATUS_OK;
    struct artifact_id live = new_state.id;
    live.version = new_state.live_version;
    TRY(index_set_live(applying->environment->ledger, &live, applying->commit->time, err));
    return uses_index(applying->environment, &new_state, after, err);
}

// What is followed, and how a commit of it is applied. Without a marker nothing of it is indexed:
// only the audit must not miss it.
static const struct {
    const char *ref;
    unsigned classes; // of environment_class
    const char *marker;
    tree_change_visit apply;
} branches[] = {
    { CONTROL_REF, ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE, NULL, NULL },
    { EVIDENCE_REF, ENVIRONMENT_SANDBOX, NULL, NULL },
    { DRAFTS_REF, ENVIRONMENT_SANDBOX, DRAFT_FILE, apply_draft },
    { LIVE_REF, ENVIRONMENT_LIVE, STATE_FILE, apply_state },
};

enum status follow_is_current(struct environment *environment, bool *out, struct error *err)
{
    *out = true;
    for (size_t i = 0; i < COUNT_OF(branches); i++) {
        struct oid tip;
        char tip_text[OID_TEXT_BYTES];
        char applied[LEDGER_OID_BYTES];
        if (!(branches[i].classes & environment->identity.environment_class))
            continue;
        TRY(store_ref_get(environment->store, branches[i].ref, &tip, err));
        TRY(ledger_tip_get(environment->ledger, branches[i].ref, applied, err));
        oid_format(&tip, tip_text);
        *out = *out && strcmp(tip_text, applied) == 0;
    }
    return STATUS_OK;
}

static enum status apply_commit(void *context, const struct oid *oid, const struct commit *commit,
                                struct error *err)
{
    struct following *following = context;
    struct environment *environment = following->environment;
    struct applying applying = { .environment = environment,
                                 .following = following,
                                 .commit = commit };
    struct oid parent_tree = { 0 };
    oid_format(oid, applying.commit_text);
    if (!oid_is_none(&commit->parent)) {
        struct commit parent OWNED(commit_release) = { 0 };
        TRY(commit_read(environment->store, &commit->parent, &parent, err));
        parent_tree = parent.tree;
    }
    if (branches[following->branch].marker &&
        tree_each_change(environment->store, &parent_tree, &commit->tree,
                         branches[following->branch].marker, branches[following->branch].apply,
                         &applying, err) != STATUS_OK)
        return error_prefix(err, "commit %s", applying.commit_text);
    if (following->audits)
        return audit_log_recover(environment, oid, commit, err);
    return STATUS_OK;
}

static enum status catch_up(struct environment *environment, size_t branch,
                            enum follow_reason reason, struct error *err)
{
    const char *ref = branches[branch].ref;
    struct oid tip;
    struct oid from = { 0 };
    char tip_text[OID_TEXT_BYTES];
    char applied[LEDGER_OID_BYTES];
    TRY(store_ref_get(environment->store, ref, &tip, err));
    TRY(ledger_tip_get(environment->ledger, ref, applied, err));
    oid_format(&tip, tip_text);
    if (strcmp(tip_text, applied) == 0)
        return STATUS_OK;
    if (applied[0])
        TRY(oid_parse(&from, applied, err));
    // An index that starts from nothing (no tip at all) is a rebuild: the audit has those entries.
    struct following following OWNED(release_following) = { .environment = environment,
                                                            .branch = branch,
                                                            .audits = reason == FOLLOW_RECOVER &&
                                                                      applied[0] };
    if (commit_each_since(environment->store, &from, &tip, apply_commit, &following, err) !=
        STATUS_OK) {
        if (err->status != STATUS_CONFLICT)
            return error_prefix(err, "%s", ref);
        err->status = STATUS_DAMAGED;
        error_prefix(err, "%s", ref);
        return error_hint(err, "history is only ever added to; if this was you, run `greenroom "
                               "reindex`, and `greenroom verify` to see what is left");
    }
    return ledger_tip_set(environment->ledger, ref, tip_text, err);
}

enum status follow_catch_up(struct environment *environment, enum follow_reason reason,
                            struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(branches); i++)
        if (branches[i].classes & environment->identity.environment_class)
            TRY(catch_up(environment, i, reason, err));
    return STATUS_OK;
}
