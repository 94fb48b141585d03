// What this server keeps with each release.
#include "prepared.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "coding.h"
#include "outgoing.h"
#include "reply.h"

struct prepared {
    struct response *response;                 // NULL once the release is out of reach
    _Atomic(void *) made[PREPARED_COUNT];      // set once
    _Atomic int64_t failed_ms[PREPARED_COUNT]; // when making it failed; 0: never
};

static enum status make_archive(void **out, const struct snapshot_release *release,
                                const struct prepared_plan *plan, enum archive_format format,
                                const char *ending, struct error *err)
{
    const struct packed_plan packing = { plan->cache_path, format, ending, plan->stop };
    struct packed *packed;
    TRY(packed_make(&packed, release, &packing, err));
    *out = packed;
    return STATUS_OK;
}

static enum status make_tar_gz(void **out, const struct snapshot_release *release,
                               const struct prepared_plan *plan, struct error *err)
{
    return make_archive(out, release, plan, ARCHIVE_TAR_GZ, "tar.gz", err);
}

static enum status make_zip(void **out, const struct snapshot_release *release,
                            const struct prepared_plan *plan, struct error *err)
{
    return make_archive(out, release, plan, ARCHIVE_ZIP, "zip", err);
}

static enum status make_search(void **out, const struct snapshot_release *release,
                               const struct prepared_plan *plan, struct error *err)
{
    const struct searchable_plan indexing = { plan->cache_path, plan->workers, plan->stop };
    struct searchable *searchable;
    TRY(searchable_make(&searchable, release, &indexing, err));
    *out = searchable;
    return STATUS_OK;
}

static void free_archive(void *made)
{
    packed_free(made);
}

static void free_search(void *made)
{
    searchable_free(made);
}

static const struct {
    enum status (*make)(void **out, const struct snapshot_release *release,
                        const struct prepared_plan *plan, struct error *err);
    void (*free)(void *made);
} kinds[PREPARED_COUNT] = {
    [PREPARED_TAR_GZ] = { make_tar_gz, free_archive },
    [PREPARED_ZIP] = { make_zip, free_archive },
    [PREPARED_SEARCH] = { make_search, free_search },
};

static enum status prepare(void *context, struct snapshot_release *release, struct error *err)
{
    struct prepared *prepared OWNED(memory_release) = NULL;
    (void)context;
    TRY(memory_new(&prepared, 1, sizeof(*prepared), err));
    TRY(reply_with_release(&prepared->response, release, err));
    release->attachment = MOVE(prepared);
    return STATUS_OK;
}

static void retire(void *context, struct snapshot_release *release)
{
    (void)context;
    struct prepared *prepared = release->attachment;
    response_release(&prepared->response); // and with it its hold on the release
}

static void discard(void *context, struct snapshot_release *release)
{
    (void)context;
    struct prepared *prepared = release->attachment;
    for (int i = 0; i < PREPARED_COUNT; i++)
        kinds[i].free(atomic_load(&prepared->made[i]));
    free(prepared);
}

static void print_front(void *context, struct buffer *out, const struct snapshot_front *front,
                        size_t *out_mark)
{
    char text[OUTGOING_MAX_FIELDS_BYTES];
    const struct reply_fields fields = { .media_type = "application/json",
                                         .encoding = coding_name(front->encoding),
                                         .etag = front->etag,
                                         .version = front->version,
                                         .varies = true };
    (void)context;
    buffer_append(out, text,
                  reply_print_front(text, sizeof(text), &fields, front->size_bytes, out_mark));
}

struct snapshot_face prepared_face(void)
{
    return (struct snapshot_face) {
        .prepare = prepare, .retire = retire, .discard = discard, .front = print_front
    };
}

struct response *prepared_response(const struct snapshot_release *release)
{
    return ((struct prepared *)release->attachment)->response;
}

static void *made(const struct snapshot_release *release, enum prepared_kind kind)
{
    struct prepared *prepared = release->attachment;
    return atomic_load_explicit(&prepared->made[kind], memory_order_acquire);
}

bool prepared_is_made(const struct snapshot_release *release, enum prepared_kind kind)
{
    return made(release, kind) != NULL;
}

const struct packed *prepared_archive(const struct snapshot_release *release,
                                      enum prepared_kind kind)
{
    return made(release, kind);
}

struct searchable *prepared_searchable(const struct snapshot_release *release)
{
    return made(release, PREPARED_SEARCH);
}

enum status prepared_make(const struct snapshot_release *release, enum prepared_kind kind,
                          const struct prepared_plan *plan, struct error *err)
{
    struct prepared *prepared = release->attachment;
    void *none = NULL;
    void *fresh;
    enum status status = kinds[kind].make(&fresh, release, plan, err);
    if (status != STATUS_OK) {
        atomic_store(&prepared->failed_ms[kind], clock_monotonic_ms());
        return status;
    }
    if (!atomic_compare_exchange_strong(&prepared->made[kind], &none, fresh))
        kinds[kind].free(fresh);
    return STATUS_OK;
}

bool prepared_failed_lately(const struct snapshot_release *release, enum prepared_kind kind)
{
    struct prepared *prepared = release->attachment;
    int64_t failed_ms = atomic_load(&prepared->failed_ms[kind]);
    return failed_ms != 0 && clock_monotonic_ms() - failed_ms < PREPARED_RETRY_MS;
}
