// Makes the next state of live from the current one.
#include "snapshot/reload.h"

#include <stdlib.h>

#include "base/memory.h"
#include "release/control_narrow.h"
#include "release/state.h"
#include "release/verify.h"
#include "snapshot/job_list.h"
#include "store/commit.h"
#include "store/tree.h"

// A reload while it is under way.
struct reload {
    const struct reload_context *context;
    struct snapshot *current; // NULL: the first
    struct snapshot *next;
    struct job_list jobs;
    struct retired_change change;
};

static void reload_release(struct reload *reload)
{
    retired_dispose(&reload->change.fresh);
    retired_forget(&reload->change.stale);
    job_list_release(&reload->jobs);
    free(reload->next);
}

static void control_dispose(void *object)
{
    struct snapshot_control *control = object;
    key_table_free(control->keys);
    free(control->signers);
    control_release(&control->control);
    free(control);
}

// Live is looked at first: a control that is newer than it is harmless (who was removed may have
// signed before), an older one might not know the approver who signed the newest promotion.
enum status reload_look(struct store *store, struct reload_tips *out, struct error *err)
{
    out->only_limits = false;
    TRY(store_ref_get(store, LIVE_REF, &out->live, err));
    return store_ref_get(store, CONTROL_REF, &out->control, err);
}

// The control that holds already, as it was read and narrowed, and what the newer one takes away.
static enum status read_limits(struct control *out, const struct reload *reload,
                               const struct reload_tips *tips, struct error *err)
{
    struct control newer OWNED(control_release) = { 0 };
    struct control control OWNED(control_release) = { 0 };
    const struct control *current = &reload->current->control->control;
    struct store *store = reload->context->store;
    TRY(control_read_commit(&newer, store, &tips->control, true, err));
    TRY(control_read_commit(&control, store, &current->commit, false, err));
    TRY(control_narrow(&control, current, err));
    TRY(control_narrow(&control, &newer, err));
    *out = control;
    control = (struct control) { 0 };
    return STATUS_OK;
}

static enum status read_control(struct reload *reload, const struct reload_tips *tips,
                                struct error *err)
{
    struct snapshot_control *control OWNED(memory_release) = NULL;
    TRY(memory_new(&control, 1, sizeof(*control), err));
    if (tips->only_limits)
        TRY(read_limits(&control->control, reload, tips, err));
    else
        TRY(control_read(&control->control, reload->context->store, err));
    enum status status = key_table_new(&control->keys, &control->control, err);
    if (status == STATUS_OK)
        status = signer_index_new(&control->signers, &control->control.approvers, err);
    if (status == STATUS_OK)
        status = retired_add(&reload->change.fresh, control, control_dispose, err);
    if (status != STATUS_OK) {
        key_table_free(control->keys);
        free(control->signers);
        control_release(&control->control);
        return status;
    }
    reload->next->control = MOVE(control);
    return STATUS_OK;
}

static enum status check_descent(const struct oid *before, const struct oid *after,
                                 struct store *store, struct error *err)
{
    bool descends = false;
    if (oid_is_none(before))
        return STATUS_OK;
    if (!oid_is_none(after))
        TRY(commit_is_ancestor(store, before, after, &descends, err));
    if (descends)
        return STATUS_OK;
    error_set(err, STATUS_DAMAGED, "live_rewritten",
              "the branch 'live' does not continue the state that is being served");
    return error_hint(err, "live only ever moves forward: restore the branch, or restart the "
                           "server to serve what it says now");
}

// The tip's own signature, and its tree.
static enum status read_live(struct reload *reload, struct error *err)
{
    struct snapshot *next = reload->next;
    struct store *store = reload->context->store;
    struct commit commit OWNED(commit_release) = { 0 };
    if (reload->current)
        TRY(check_descent(&reload->current->live, &next->live, store, err));
    if (oid_is_none(&next->live))
        return STATUS_OK;
    TRY(verify_live_commit(store, &next->control->control, &next->live, err));
    TRY(commit_read(store, &next->live, &commit, err));
    next->live_tree = commit.tree;
    return STATUS_OK;
}

static enum status note_change(void *context, const char *path, const struct oid *before,
                               const struct oid *after, struct error *err)
{
    (void)before;
    return job_list_add(context, path, after, err);
}

// An artifact to look at again although its folder may be what it was.
static enum status add_again(struct reload *reload, const char *path, struct error *err)
{
    struct oid folder;
    bool is_tree;
    TRY(tree_find(reload->context->store, &reload->next->live_tree, path, &folder, &is_tree, err));
    return job_list_add(&reload->jobs, path, &folder, err);
}

// Artifacts of which something is quarantined in `a` and not in `b`.
static enum status add_quarantined(struct reload *reload, const struct control *a,
                                   const struct control *b, struct error *err)
{
    for (size_t i = 0; i < a->quarantine_count; i++) {
        char path[ID_TEXT_BYTES];
        if (control_has_quarantine(b, &a->quarantine[i]))
            continue;
        id_format_bare(&a->quarantine[i].id, path);
        TRY(add_again(reload, path, err));
    }
    return STATUS_OK;
}

// An entry of which some release names a binding that means something else now.
static enum status add_rebound(void *context, const struct entry *entry, struct error *err)
{
    struct reload *reload = context;
    const struct json *bindings = reload->next->control->control.bindings;
    for (size_t i = 0; i < entry->release_count; i++)
        if (!snapshot_release_resolves_alike(entry->releases[i], bindings))
            return add_again(reload, entry->key, err);
    return STATUS_OK;
}

static enum status add_doubtful(void *context, const struct entry *entry, struct error *err)
{
    struct reload *reload = context;
    const struct signer_index *signers = reload->next->control->signers;
    for (size_t i = 0; i < entry->release_count; i++)
        if (!signer_index_admits(signers, entry->releases[i]->signer,
                                 entry->releases[i]->signed_at))
            return add_again(reload, entry->key, err);
    return STATUS_OK;
}

// Who signed something that is served may sign no more, or not at that time: it is verified anew,
// as a server that starts now would.
static enum status add_unsigned(struct reload *reload, struct error *err)
{
    const struct snapshot *current = reload->current;
    struct snapshot *next = reload->next;
    if (!signer_index_lost(current->control->signers, next->control->signers))
        return STATUS_OK;
    if (!oid_is_none(&next->live))
        TRY(verify_live_commit(reload->context->store, &next->control->control, &next->live, err));
    return table_each(current->table, add_doubtful, reload, err);
}

static enum status find_jobs(struct reload *reload, struct error *err)
{
    struct snapshot *current = reload->current;
    struct oid none = { 0 };
    TRY(tree_each_change(reload->context->store, current ? &current->live_tree : &none,
                         &reload->next->live_tree, STATE_FILE, note_change, &reload->jobs, err));
    if (current && current->control != reload->next->control) {
        const struct control *before = &current->control->control;
        const struct control *after = &reload->next->control->control;
        TRY(add_quarantined(reload, before, after, err));
        TRY(add_quarantined(reload, after, before, err));
        if (!json_equal(before->bindings, after->bindings))
            TRY(table_each(current->table, add_rebound, reload, err));
        TRY(add_unsigned(reload, err));
    }
    return job_list_settle(&reload->jobs, current ? current->table : NULL, err);
}

static void changes_release(struct entry_change **changes)
{
    free(*changes);
}

static enum status apply(struct reload *reload, struct error *err)
{
    struct entry_change *changes OWNED(changes_release) = NULL;
    struct snapshot *current = reload->current;
    struct snapshot *next = reload->next;
    size_t count = 0;
    TRY(memory_new(&changes, reload->jobs.count + 1, sizeof(*changes), err));
    for (size_t i = 0; i < reload->jobs.count; i++) {
        const struct job *job = &reload->jobs.items[i];
        if (job->before || job->after)
            changes[count++] = (struct entry_change) { job->before, job->after };
        TRY(job_note_stale(job, &reload->change.stale, err));
    }
    if (current && count == 0) { // only control has moved
        next->table = current->table;
        next->listing = current->listing;
        return STATUS_OK;
    }
    TRY(table_apply(&next->table, current ? current->table : NULL, changes, count, next->serial,
                    &reload->change, err));
    return listing_apply(&next->listing, current ? current->listing : NULL, changes, count,
                         &reload->change, err);
}

static void name_state(struct snapshot *next, const struct reload_tips *tips)
{
    const struct oid *control = tips->only_limits ? &tips->control : &next->control->control.commit;
    oid_format(control, next->control_commit);
    if (!oid_is_none(&next->live))
        oid_format(&next->live, next->commit);
}

static void hold(struct snapshot *next, struct snapshot *state, size_t states)
{
    bool is_other = !oid_is_none(&state->live) && !oid_equal(&state->live, &next->live);
    if (is_other && next->held_count + 1 < states)
        next->held[next->held_count++] = state;
}

static void hold_earlier(struct snapshot *next, struct snapshot *current, size_t states)
{
    hold(next, current, states);
    for (size_t i = 0; i < current->held_count; i++)
        hold(next, current->held[i], states);
}

static enum status make(struct reload *reload, const struct reload_tips *tips, struct error *err)
{
    struct snapshot *current = reload->current;
    reload->next->live = tips->live;
    if (current && oid_equal(&current->control->control.commit, &tips->control))
        reload->next->control = current->control;
    else
        TRY(read_control(reload, tips, err));
    if (current && oid_equal(&current->live, &tips->live))
        reload->next->live_tree = current->live_tree;
    else
        TRY(read_live(reload, err));
    TRY(find_jobs(reload, err));
    struct job_context job = { &reload->next->control->control, reload->next->control->signers,
                               reload->context->manifests, reload->context->face };
    TRY(job_list_run(&reload->jobs, &job, reload->context->store, err));
    TRY(apply(reload, err));
    name_state(reload->next, tips);
    return STATUS_OK;
}

enum status reload_make(struct snapshot **out, struct snapshot *current, uint64_t serial,
                        const struct reload_tips *tips, const struct reload_context *context,
                        struct error *err)
{
    struct reload reload OWNED(reload_release) = { .context = context, .current = current };
    reload.jobs.undo = true;
    size_t held_bytes = context->states * sizeof(struct snapshot *);
    TRY(memory_new(&reload.next, 1, sizeof(*reload.next) + held_bytes, err));
    reload.next->serial = serial;
    TRY(make(&reload, tips, err));
    // From here on nothing can fail.
    reload.jobs.undo = false;
    retired_forget(&reload.change.fresh);
    reload.next->control->users++;
    if (current) {
        current->stale = reload.change.stale;
        reload.change.stale = (struct retired) { 0 };
        hold_earlier(reload.next, current, context->states);
    }
    *out = MOVE(reload.next);
    return STATUS_OK;
}

static void dispose_entry(struct entry *entry)
{
    for (size_t i = 0; i < entry->release_count; i++)
        snapshot_release_retire(entry->releases[i]);
    free(entry);
}

void reload_free(struct snapshot *snapshot, bool is_last)
{
    if (is_last) {
        listing_free_all(snapshot->listing);
        table_free_all(snapshot->table, dispose_entry);
    }
    retired_dispose(&snapshot->stale);
    if (--snapshot->control->users == 0)
        control_dispose(snapshot->control);
    snapshot_text_drop(atomic_load(&snapshot->live_text));
    free(snapshot);
}
