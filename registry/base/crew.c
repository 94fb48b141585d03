// Many like jobs, done side by side.
#include "base/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define JOBS_AT_A_TIME 32    // so that threads seldom ask for more
#define JOBS_FOR_A_THREAD 64 // fewer are done before a thread has started

struct crew {
    crew_job job;
    void *context;
    size_t count;
    atomic_size_t next;
};

static void *work(void *shared)
{
    struct crew *crew = shared;
    size_t from;
    while ((from = atomic_fetch_add(&crew->next, JOBS_AT_A_TIME)) < crew->count)
        for (size_t i = from; i < from + JOBS_AT_A_TIME && i < crew->count; i++)
            crew->job(crew->context, i);
    return NULL;
}

static size_t count_threads(size_t jobs)
{
    cpu_set_t set;
    size_t most = jobs / JOBS_FOR_A_THREAD;
    if (most > CREW_MAX_THREADS)
        most = CREW_MAX_THREADS;
    if (most < 2 || sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    size_t processors = (size_t)CPU_COUNT(&set);
    return processors < most ? processors : most;
}

void crew_run(size_t count, crew_job job, void *context)
{
    struct crew crew = { .job = job, .context = context, .count = count };
    pthread_t threads[CREW_MAX_THREADS];
    size_t wanted = count_threads(count);
    size_t running = 0;
    while (running + 1 < wanted && pthread_create(&threads[running], NULL, work, &crew) == 0)
        running++;
    work(&crew);
    while (running > 0)
        pthread_join(threads[--running], NULL);
}
