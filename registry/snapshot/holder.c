// The owner of the current state.
#include "snapshot/holder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "release/state.h"
#include "snapshot/line.h"
#include "snapshot/reload.h"
#include "store/commit.h"
#include "store/pack_watch.h"
#include "trust/sha1_stream.h"

#define CACHE_LINE_BYTES 64

// 0 while the reader is outside; else the epoch that it saw before it looked for the current state.
// Each on a cache line of its own, so that readers do not slow each other down.
struct reader_slot {
    _Alignas(CACHE_LINE_BYTES) _Atomic uint64_t epoch;
};

// The epoch is the serial of the newest state. A state older than it may go once each reader is
// outside or has entered since: such a reader set its slot after the swap, so it saw the newer
// state. All accesses to slots, epoch and current are sequentially consistent, which that needs.
struct holder {
    _Atomic(struct snapshot *) current;
    _Atomic uint64_t epoch;
    struct reader_slot *slots;
    unsigned readers;
    // The writer's own.
    struct line line;
    unsigned states;
    struct oid narrowed; // the control whose limits hold already, though it does not as a whole
    uint64_t attempts;   // so that no two states, also those that came to nothing, share a serial
    struct environment_identity identity;
    struct snapshot_face face;
    struct manifest_reader *manifests; // one compiled schema for all that is ever loaded
    // For refs alone. NULL after a failure: opened anew, since the folder may be another now.
    struct store *store;
    char *store_path;
    char *packs_path;
    char *cache_path;
    struct pack_watch packs;
};

static enum status open_store(struct holder *holder, struct error *err)
{
    return holder->store ? STATUS_OK : store_open(&holder->store, holder->store_path, NULL, err);
}

static enum status check_plan(const struct holder_plan *plan, struct error *err)
{
    unsigned readers = plan->readers;
    if (readers == 0 || readers > HOLDER_MAX_READERS) {
        error_set(err, STATUS_INVALID, "readers_invalid", "%u readers", readers);
        return error_hint(err, "use 1 to %d threads", HOLDER_MAX_READERS);
    }
    if (plan->states <= HOLDER_MAX_STATES)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "states_invalid", "%u states", plan->states);
    return error_hint(err, "hold 1 to %u states", HOLDER_MAX_STATES);
}

static enum status new_slots(struct holder *holder, unsigned readers, struct error *err)
{
    size_t bytes = readers * sizeof(struct reader_slot);
    holder->slots = aligned_alloc(CACHE_LINE_BYTES, bytes);
    if (!holder->slots)
        return error_no_memory(err);
    for (unsigned i = 0; i < readers; i++)
        atomic_init(&holder->slots[i].epoch, 0);
    holder->readers = readers;
    return STATUS_OK;
}

static void replace(struct holder *holder, struct snapshot *next)
{
    line_append(&holder->line, next);
    atomic_store(&holder->current, next);
    atomic_store(&holder->epoch, next->serial); // only now: see struct holder
}

static void close_store(struct holder *holder)
{
    store_free(holder->store);
    holder->store = NULL;
}

// With a handle of its own, closed when all is in memory: packs that a later write merges away
// would stay on the disk as long as they are mapped. libgit2 maps a pack once for all handles that
// know of it, so the other one must not stay either.
static enum status load(struct holder *holder, const struct reload_tips *tips, struct error *err)
{
    struct snapshot *next;
    struct store *store OWNED(store_release) = NULL;
    close_store(holder);
    TRY(store_open(&store, holder->store_path, NULL, err));
    struct reload_context context = { store, holder->manifests, &holder->face, holder->states };
    TRY(reload_make(&next, atomic_load(&holder->current), ++holder->attempts, tips, &context, err));
    replace(holder, next);
    return STATUS_OK;
}

// The commits of live before the tip, newest first, as many as are to be held beside it.
static enum status list_earlier(struct store *store, struct oid *out, size_t limit,
                                size_t *out_count, struct error *err)
{
    struct oid at;
    *out_count = 0;
    TRY(store_ref_get(store, LIVE_REF, &at, err));
    while (!oid_is_none(&at) && *out_count < limit) {
        struct commit commit OWNED(commit_release) = { 0 };
        TRY(commit_read(store, &at, &commit, err));
        at = commit.parent;
        if (!oid_is_none(&at))
            out[(*out_count)++] = at;
    }
    return STATUS_OK;
}

// For calls that began before a restart. Whatever is wrong with an earlier state: it is left out,
// and what is live now is loaded without it.
static void load_earlier(struct holder *holder)
{
    struct store *store OWNED(store_release) = NULL; // reads objects: see load
    struct oid commits[HOLDER_MAX_STATES];
    size_t count = 0;
    struct reload_tips tips;
    struct error unheard;
    if (store_open(&store, holder->store_path, NULL, &unheard) != STATUS_OK ||
        reload_look(store, &tips, &unheard) != STATUS_OK ||
        list_earlier(store, commits, holder->states - 1, &count, &unheard) != STATUS_OK)
        return;
    while (count > 0) {
        tips.live = commits[--count];
        (void)load(holder, &tips, &unheard);
    }
}

enum status holder_open(struct holder **out, const char *environment_path,
                        const struct holder_plan *plan, struct error *err)
{
    struct holder *holder OWNED(holder_release) = NULL;
    TRY(check_plan(plan, err));
    TRY(memory_new(&holder, 1, sizeof(*holder), err));
    if (plan->face)
        holder->face = *plan->face;
    holder->states = plan->states ? plan->states : HOLDER_DEFAULT_STATES;
    TRY(new_slots(holder, plan->readers, err));
    TRY(manifest_reader_new(&holder->manifests, err));
    TRY(environment_identify(&holder->identity, environment_path, err));
    TRY(file_join(&holder->store_path, environment_path, "store.git", err));
    TRY(file_join(&holder->packs_path, holder->store_path, "objects/pack", err));
    holder->packs.new_hash = sha1_stream_new;
    TRY(file_join(&holder->cache_path, environment_path, "cache", err));
    load_earlier(holder);
    TRY(holder_reload(holder, NULL, err));
    *out = MOVE(holder);
    return STATUS_OK;
}

void holder_free(struct holder *holder)
{
    if (!holder)
        return;
    line_free(&holder->line);
    manifest_reader_free(holder->manifests);
    store_free(holder->store);
    pack_watch_release(&holder->packs);
    free(holder->store_path);
    free(holder->packs_path);
    free(holder->cache_path);
    free(holder->slots);
    free(holder);
}

void holder_release(struct holder **holder)
{
    holder_free(*holder);
    *holder = NULL;
}

const struct environment_identity *holder_identity(const struct holder *holder)
{
    return &holder->identity;
}

const char *holder_store_path(const struct holder *holder)
{
    return holder->store_path;
}

const char *holder_cache_path(const struct holder *holder)
{
    return holder->cache_path;
}

const char *holder_commit(const struct holder *holder)
{
    return snapshot_commit(atomic_load(&holder->current));
}

size_t holder_count(const struct holder *holder)
{
    return snapshot_count(atomic_load(&holder->current));
}

struct emergencies holder_emergencies(const struct holder *holder, int64_t now)
{
    return emergencies_count(atomic_load(&holder->current), now);
}

void holder_unmet(const struct holder *holder, struct unmet *unmet)
{
    unmet_look(unmet, atomic_load(&holder->current));
}

struct snapshot *holder_enter(struct holder *holder, unsigned reader)
{
    atomic_store(&holder->slots[reader].epoch, atomic_load(&holder->epoch));
    return atomic_load(&holder->current);
}

void holder_leave(struct holder *holder, unsigned reader)
{
    atomic_store_explicit(&holder->slots[reader].epoch, 0, memory_order_release);
}

// The oldest state that a reader may still be looking at.
static uint64_t oldest_in_use(struct holder *holder)
{
    uint64_t oldest = atomic_load(&holder->epoch);
    for (unsigned i = 0; i < holder->readers; i++) {
        uint64_t epoch = atomic_load(&holder->slots[i].epoch);
        if (epoch != 0 && epoch < oldest)
            oldest = epoch;
    }
    return oldest;
}

static bool is_current(const struct snapshot *current, const struct reload_tips *tips)
{
    return current && oid_equal(&current->live, &tips->live) &&
           oid_equal(&current->control->control.commit, &tips->control);
}

// What cannot be taken as a whole may still take something away: a key that is revoked, a release
// that is quarantined. The rest stays as it was, and the next look tries the whole again.
static void narrow(struct holder *holder, const struct reload_tips *tips)
{
    const struct snapshot *current = atomic_load(&holder->current);
    struct error unheard; // the failure of the whole is what is told
    if (!current || oid_equal(&holder->narrowed, &tips->control) ||
        oid_equal(&current->control->control.commit, &tips->control))
        return;
    struct reload_tips limits = { current->live, tips->control, true };
    if (load(holder, &limits, &unheard) == STATUS_OK)
        holder->narrowed = tips->control;
}

static enum status try_reload(struct holder *holder, bool *out_changed, struct error *err)
{
    struct snapshot *current = atomic_load(&holder->current);
    struct reload_tips tips;
    TRY(open_store(holder, err));
    TRY(reload_look(holder->store, &tips, err));
    if (is_current(current, &tips))
        return STATUS_OK;
    if (load(holder, &tips, err) != STATUS_OK) {
        narrow(holder, &tips);
        return err->status;
    }
    *out_changed = true;
    return STATUS_OK;
}

enum status holder_reload(struct holder *holder, bool *out_changed, struct error *err)
{
    bool changed = false;
    enum status status = try_reload(holder, &changed, err);
    if (status != STATUS_OK)
        close_store(holder);
    line_reclaim(&holder->line, oldest_in_use(holder));
    if (out_changed)
        *out_changed = changed;
    return status;
}

enum status holder_check_packs(struct holder *holder, struct error *err)
{
    return pack_watch_look(&holder->packs, holder->packs_path, err);
}
