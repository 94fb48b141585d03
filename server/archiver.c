// Makes archives and search indexes in a thread of its own.
#include "archiver.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "connection.h"
#include "log.h"
#include "prepared.h"

// One thing to be made, and who waits for it. In `archiver->jobs` from the first caller until all
// of them go on.
struct made_job {
    const struct snapshot_release *release; // held
    enum prepared_kind kind;
    struct connection *parked[ARCHIVER_MAX_PARKED];
    size_t parked_count;
    struct made_job *next;
};

struct archiver {
    struct prepared_plan plan;
    char *cache_path;
    struct log *log;
    pthread_t thread;
    bool is_started;
    atomic_bool is_stopping;
    pthread_mutex_t lock; // over all below
    pthread_cond_t changed;
    struct made_job *jobs; // in order of arrival; the first is being made
    size_t parked_count;
};

static void make(struct archiver *archiver, const struct made_job *job)
{
    struct error err;
    if (prepared_is_made(job->release, job->kind) ||
        prepared_make(job->release, job->kind, &archiver->plan, &err) == STATUS_OK)
        return;
    char id[ID_TEXT_BYTES];
    id_format(&job->release->id, id);
    log_line(archiver->log, LOG_FAULT, "cannot pack or index %s: %s", id, err.message);
}

// Takes the first job off the list and lets its callers go on. With the lock.
static void finish_first(struct archiver *archiver)
{
    struct made_job *job = archiver->jobs;
    archiver->jobs = job->next;
    archiver->parked_count -= job->parked_count;
    for (size_t i = 0; i < job->parked_count; i++)
        connection_resume(job->parked[i]);
    snapshot_release_drop(job->release);
    free(job);
}

static void *run(void *argument)
{
    struct archiver *archiver = argument;
    pthread_mutex_lock(&archiver->lock);
    while (!atomic_load(&archiver->is_stopping)) {
        struct made_job *job = archiver->jobs;
        if (!job) {
            pthread_cond_wait(&archiver->changed, &archiver->lock);
            continue;
        }
        pthread_mutex_unlock(&archiver->lock);
        make(archiver, job); // callers may join the job meanwhile, nothing else of it moves
        pthread_mutex_lock(&archiver->lock);
        finish_first(archiver);
    }
    while (archiver->jobs)
        finish_first(archiver);
    pthread_mutex_unlock(&archiver->lock);
    return NULL;
}

enum status archiver_start(struct archiver **out, const char *cache_path, unsigned workers,
                           struct log *log, struct error *err)
{
    struct archiver *archiver OWNED(archiver_release) = NULL;
    TRY(memory_new(&archiver, 1, sizeof(*archiver), err));
    TRY(memory_copy_string(&archiver->cache_path, cache_path, err));
    archiver->plan =
        (struct prepared_plan) { archiver->cache_path, workers, &archiver->is_stopping };
    archiver->log = log;
    pthread_mutex_init(&archiver->lock, NULL);
    pthread_cond_init(&archiver->changed, NULL);
    if (pthread_create(&archiver->thread, NULL, run, archiver) != 0)
        return error_set(err, STATUS_IO, "thread", "cannot start the archiver's thread");
    archiver->is_started = true;
    *out = MOVE(archiver);
    return STATUS_OK;
}

static enum status busy(struct error *err)
{
    error_set(err, STATUS_CONFLICT, "busy", "too many archives and search indexes are being made");
    return error_hint(err, "try again in a few seconds");
}

// The job for that: one that waits already, or a new one at the end. With the lock.
static enum status find_job(struct archiver *archiver, const struct snapshot_release *release,
                            enum prepared_kind kind, struct made_job **out, struct error *err)
{
    struct made_job **place = &archiver->jobs;
    while (*place && ((*place)->release != release || (*place)->kind != kind))
        place = &(*place)->next;
    if (!*place) {
        TRY(memory_new(place, 1, sizeof(**place), err));
        snapshot_release_hold(release);
        (*place)->release = release;
        (*place)->kind = kind;
        pthread_cond_signal(&archiver->changed);
    }
    *out = *place;
    return STATUS_OK;
}

static enum status park(struct archiver *archiver, const struct snapshot_release *release,
                        enum prepared_kind kind, struct connection *connection, struct error *err)
{
    struct made_job *job;
    if (atomic_load(&archiver->is_stopping) || archiver->parked_count >= ARCHIVER_MAX_PARKED)
        return busy(err);
    TRY(find_job(archiver, release, kind, &job, err));
    connection_park(connection);
    job->parked[job->parked_count++] = connection;
    archiver->parked_count++;
    return STATUS_OK;
}

enum status archiver_park(struct archiver *archiver, const struct snapshot_release *release,
                          enum prepared_kind kind, struct connection *connection, struct error *err)
{
    pthread_mutex_lock(&archiver->lock);
    enum status status = park(archiver, release, kind, connection, err);
    pthread_mutex_unlock(&archiver->lock);
    return status;
}

void archiver_stop(struct archiver *archiver)
{
    if (!archiver->is_started)
        return;
    pthread_mutex_lock(&archiver->lock);
    atomic_store(&archiver->is_stopping, true);
    pthread_cond_signal(&archiver->changed);
    pthread_mutex_unlock(&archiver->lock);
    pthread_join(archiver->thread, NULL);
    archiver->is_started = false;
}

void archiver_free(struct archiver *archiver)
{
    if (!archiver)
        return;
    archiver_stop(archiver);
    free(archiver->cache_path);
    pthread_cond_destroy(&archiver->changed);
    pthread_mutex_destroy(&archiver->lock);
    free(archiver);
}

void archiver_release(struct archiver **archiver)
{
    archiver_free(*archiver);
    *archiver = NULL;
}
