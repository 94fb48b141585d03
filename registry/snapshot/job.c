// One artifact that has to be looked at again.
#include "snapshot/job.h"

#include <stdlib.h>

#include "base/memory.h"
#include "release/emergency.h"
#include "release/state.h"
#include "release/verify.h"
#include "store/tree.h"

// The releases that callers may get of an artifact, as they are collected. Borrowed pointers.
struct collected {
    struct snapshot_release **items;
    size_t count;
    size_t capacity;
};

static void collected_release(struct collected *collected)
{
    free(collected->items);
}

static enum status collect(struct collected *collected, struct snapshot_release *release,
                           struct error *err)
{
    TRY(memory_grow(&collected->items, collected->count, &collected->capacity,
                    sizeof(*collected->items), err));
    collected->items[collected->count++] = release;
    return STATUS_OK;
}

static enum status load_release(struct job *job, const struct job_context *context,
                                struct store *store, const struct artifact_id *id,
                                const struct state_release *said, struct snapshot_release **out,
                                struct error *err)
{
    struct verify_release verified OWNED(verify_release_free) = { 0 };
    TRY(memory_grow(&job->fresh, job->fresh_count, &job->fresh_capacity, sizeof(*job->fresh), err));
    TRY(verify_release_read(&verified, store, context->control, context->manifests, id, said, err));
    TRY(snapshot_release_new(out, &verified, &said->tag, context->control->bindings, context->face,
                             err));
    job->fresh[job->fresh_count++] = *out;
    return STATUS_OK;
}

// The release as the current state has it already, or verified anew, also where one of its bindings
// means something else now. A version is one content for
// ever: under another digest it is not taken, whoever signed it.
static enum status get_release(struct job *job, const struct job_context *context,
                               struct store *store, const struct artifact_id *id,
                               const struct state_release *said, struct snapshot_release **out,
                               struct error *err)
{
    struct snapshot_release *known = job->before ? entry_find(job->before, said->version) : NULL;
    if (known && !digest_equal(&known->digest, &said->digest))
        return error_set(err, STATUS_DAMAGED, "release_changed",
                         "%s@%u has another digest than when it was released", job->path,
                         said->version);
    if (known && oid_equal(&known->tag, &said->tag) &&
        signer_index_admits(context->signers, known->signer, known->signed_at) &&
        snapshot_release_resolves_alike(known, context->control->bindings)) {
        *out = known;
        return STATUS_OK;
    }
    return load_release(job, context, store, id, said, out, err);
}

// What live holds for readers of git is what callers get from us.
static enum status check_stable(struct job *job, struct store *store,
                                const struct snapshot_release *live, struct error *err)
{
    struct oid stable;
    bool is_tree;
    TRY(tree_find(store, &job->folder, "stable", &stable, &is_tree, err));
    if (is_tree && oid_equal(&stable, &live->content_tree))
        return STATUS_OK;
    return error_set(err, STATUS_DAMAGED, "live_mismatch",
                     "%s: what stands in live is not the content of release %u", job->path,
                     live->id.version);
}

static enum status collect_releases(struct job *job, const struct job_context *context,
                                    struct store *store, const struct state *state,
                                    struct collected *collected, struct error *err)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct state_release *said = &state->releases[i];
        struct artifact_id id = state->id;
        struct snapshot_release *release;
        id.version = said->version;
        // Not even read: whatever is wrong with it must not keep the rest from being served.
        if (control_is_quarantined(context->control, &id, &said->digest))
            continue;
        TRY(get_release(job, context, store, &state->id, said, &release, err));
        if (said->version == state->live_version)
            TRY(check_stable(job, store, release, err));
        TRY(collect(collected, release, err));
    }
    return STATUS_OK;
}

enum status job_run(struct job *job, const struct job_context *context, struct store *store,
                    struct error *err)
{
    struct state state OWNED(state_release_all) = { 0 };
    struct collected collected OWNED(collected_release) = { 0 };
    if (oid_is_none(&job->folder))
        return STATUS_OK;
    TRY(state_read(&state, store, &job->folder, job->path, err));
    TRY(collect_releases(job, context, store, &state, &collected, err));
    if (collected.count == 0)
        return STATUS_OK;
    TRY(entry_new(&job->after, &state.id, collected.items, collected.count, state.live_version,
                  err));
    const struct state_release *emergency = emergency_find_live(&state);
    job->after->emergency_until = emergency && job->after->live ? emergency->emergency_until : 0;
    return STATUS_OK;
}

static void retire_release(void *release)
{
    snapshot_release_retire(release);
}

enum status job_note_stale(const struct job *job, struct retired *stale, struct error *err)
{
    if (!job->before)
        return STATUS_OK;
    TRY(retired_add(stale, job->before, free, err));
    for (size_t i = 0; i < job->before->release_count; i++) {
        struct snapshot_release *release = job->before->releases[i];
        uint32_t version = release->id.version;
        if (!job->after || entry_find(job->after, version) != release)
            TRY(retired_add(stale, release, retire_release, err));
    }
    return STATUS_OK;
}

void job_release(struct job *job, bool undo)
{
    for (size_t i = 0; undo && i < job->fresh_count; i++)
        snapshot_release_retire(job->fresh[i]);
    if (undo)
        free(job->after);
    free(job->fresh);
    free(job->path);
    *job = (struct job) { 0 };
}
