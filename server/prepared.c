// What this server keeps with each release.
#include "prepared.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "reply.h"

#define FORMATS 4 // of enum archive_format

// One worker's responses, for one state of live. Only that worker touches them, until the release
// is out of every reader's reach.
struct answers {
    uint64_t serial;
    struct response *whole;
    struct response *unchanged;
};

struct prepared {
    unsigned workers;
    _Atomic(struct packed *) archives[FORMATS]; // set once
    _Atomic int64_t failed_ms[FORMATS];         // when making it failed; 0: never
    struct answers answers[];
};

static enum status prepare(void *context, struct snapshot_release *release, struct error *err)
{
    struct prepared *prepared = NULL;
    unsigned workers = *(unsigned *)context;
    TRY(memory_new(&prepared, 1, sizeof(*prepared) + workers * sizeof(prepared->answers[0]), err));
    prepared->workers = workers;
    release->attachment = prepared;
    return STATUS_OK;
}

static void clear(struct answers *answers)
{
    response_release(&answers->whole);
    response_release(&answers->unchanged);
}

static void retire(void *context, struct snapshot_release *release)
{
    (void)context;
    struct prepared *prepared = release->attachment;
    for (unsigned i = 0; i < prepared->workers; i++)
        clear(&prepared->answers[i]);
}

static void discard(void *context, struct snapshot_release *release)
{
    (void)context;
    struct prepared *prepared = release->attachment;
    for (int i = 0; i < FORMATS; i++)
        packed_free(atomic_load(&prepared->archives[i]));
    free(prepared);
}

struct snapshot_face prepared_face(unsigned *workers)
{
    return (struct snapshot_face) { prepare, retire, discard, workers };
}

static enum status make(struct response **out, const struct snapshot_release *release,
                        const struct snapshot *snapshot, bool is_unchanged, struct error *err)
{
    struct reply_fields fields = { .etag = release->etag,
                                   .version = release->id.version,
                                   .state = snapshot_commit(snapshot) };
    if (is_unchanged)
        return reply_unchanged(out, release->body_bytes, &fields, err);
    fields.media_type = "application/json";
    return reply_with_release(out, release, release->body, release->body_bytes, &fields, err);
}

enum status prepared_answer(const struct snapshot_release *release, unsigned worker,
                            const struct snapshot *snapshot, bool is_unchanged,
                            struct response **out, struct error *err)
{
    struct prepared *prepared = release->attachment;
    struct answers *answers = &prepared->answers[worker];
    if (answers->serial != snapshot_serial(snapshot)) {
        clear(answers);
        answers->serial = snapshot_serial(snapshot);
    }
    struct response **place = is_unchanged ? &answers->unchanged : &answers->whole;
    if (!*place)
        TRY(make(place, release, snapshot, is_unchanged, err));
    *out = *place;
    return STATUS_OK;
}

const struct packed *prepared_archive(const struct snapshot_release *release,
                                      enum archive_format format)
{
    struct prepared *prepared = release->attachment;
    return atomic_load_explicit(&prepared->archives[format], memory_order_acquire);
}

void prepared_keep_archive(const struct snapshot_release *release, enum archive_format format,
                           struct packed *packed)
{
    struct prepared *prepared = release->attachment;
    struct packed *none = NULL;
    if (!atomic_compare_exchange_strong(&prepared->archives[format], &none, packed))
        packed_free(packed);
}

bool prepared_failed_lately(const struct snapshot_release *release, enum archive_format format)
{
    struct prepared *prepared = release->attachment;
    int64_t failed_ms = atomic_load(&prepared->failed_ms[format]);
    return failed_ms != 0 && clock_monotonic_ms() - failed_ms < PREPARED_RETRY_MS;
}

void prepared_note_failure(const struct snapshot_release *release, enum archive_format format)
{
    struct prepared *prepared = release->attachment;
    atomic_store(&prepared->failed_ms[format], clock_monotonic_ms());
}
