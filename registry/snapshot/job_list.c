// All the artifacts that one reload looks at again.
#include "snapshot/job_list.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

void job_list_release(struct job_list *jobs)
{
    for (size_t i = 0; i < jobs->count; i++)
        job_release(&jobs->items[i], jobs->undo);
    free(jobs->items);
    *jobs = (struct job_list) { 0 };
}

enum status job_list_add(struct job_list *jobs, const char *path, const struct oid *folder,
                         struct error *err)
{
    TRY(memory_grow(&jobs->items, jobs->count, &jobs->capacity, sizeof(*jobs->items), err));
    struct job job = { .folder = *folder };
    TRY(memory_copy_string(&job.path, path, err));
    jobs->items[jobs->count++] = job;
    return STATUS_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct job *)a)->path, ((const struct job *)b)->path);
}

static void remove_doubles(struct job_list *jobs)
{
    size_t kept = 0;
    for (size_t i = 0; i < jobs->count; i++) {
        if (kept > 0 && strcmp(jobs->items[kept - 1].path, jobs->items[i].path) == 0)
            job_release(&jobs->items[i], false);
        else
            jobs->items[kept++] = jobs->items[i];
    }
    jobs->count = kept;
}

enum status job_list_settle(struct job_list *jobs, const struct table *table, struct error *err)
{
    if (jobs->count == 0)
        return STATUS_OK;
    qsort(jobs->items, jobs->count, sizeof(*jobs->items), by_path);
    remove_doubles(jobs);
    for (size_t i = 0; table && i < jobs->count; i++) {
        struct artifact_id id;
        TRY(id_parse_bare(&id, jobs->items[i].path, err));
        jobs->items[i].before = table_find(table, id.kind, id.name, strlen(id.name));
    }
    return STATUS_OK;
}

// What the threads of one run share.
struct run {
    struct job_list *jobs;
    const struct job_context *context;
    atomic_size_t next;
    atomic_bool failed; // somebody met a failure: no use going on
};

static enum status run_jobs(struct run *run, struct store *store, struct error *err)
{
    for (;;) {
        size_t at = atomic_fetch_add(&run->next, 1);
        if (at >= run->jobs->count || atomic_load(&run->failed))
            return STATUS_OK;
        enum status status = job_run(&run->jobs->items[at], run->context, store, err);
        if (status != STATUS_OK) {
            atomic_store(&run->failed, true);
            return status;
        }
    }
}

struct helper {
    pthread_t thread;
    struct run *run;
    const char *store_path;
    enum status status;
    struct error err;
};

static void *help(void *argument)
{
    struct helper *helper = argument;
    struct store *store OWNED(store_release) = NULL;
    helper->status = store_open(&store, helper->store_path, NULL, &helper->err);
    if (helper->status == STATUS_OK)
        helper->status = run_jobs(helper->run, store, &helper->err);
    else
        atomic_store(&helper->run->failed, true);
    return NULL;
}

static size_t helpers_for(size_t jobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = jobs / JOB_LIST_JOBS_PER_THREAD + 1;
    if (processors > 0 && threads > (size_t)processors)
        threads = (size_t)processors;
    if (threads > JOB_LIST_MAX_THREADS)
        threads = JOB_LIST_MAX_THREADS;
    return threads - 1;
}

enum status job_list_run(struct job_list *jobs, const struct job_context *context,
                         struct store *store, struct error *err)
{
    struct run run = { .jobs = jobs, .context = context };
    struct helper helpers[JOB_LIST_MAX_THREADS - 1];
    size_t wanted = helpers_for(jobs->count);
    size_t started = 0;
    for (; started < wanted; started++) {
        helpers[started] = (struct helper) { .run = &run, .store_path = store_path(store) };
        // Without a helper it only takes longer.
        if (pthread_create(&helpers[started].thread, NULL, help, &helpers[started]) != 0)
            break;
    }
    enum status status = run_jobs(&run, store, err);
    for (size_t i = 0; i < started; i++) {
        pthread_join(helpers[i].thread, NULL);
        if (status == STATUS_OK && helpers[i].status != STATUS_OK) {
            status = helpers[i].status;
            *err = helpers[i].err;
        }
    }
    return status;
}
