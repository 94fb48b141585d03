// Checks of one subject, run side by side.
#include "check/check_crew.h"

#include <pthread.h>
#include <sched.h>

#include "base/memory.h"

void check_crew_release(struct check_crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        finding_list_release(&crew->jobs[i].findings);
    crew->count = 0;
}

void check_crew_add(struct check_crew *crew, const struct check *check)
{
    if (crew->count < CHECK_CREW_MAX)
        crew->jobs[crew->count++] = (struct check_job) { .check = check };
}

// Takes jobs until none is left.
static void *work(void *shared)
{
    struct check_crew *crew = shared;
    size_t i;
    while ((i = atomic_fetch_add(&crew->next, 1)) < crew->count) {
        struct check_job *job = &crew->jobs[i];
        job->status = job->check->run(crew->subject, &job->findings, &job->error);
    }
    return NULL;
}

// How many processors this process may use.
static size_t count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return (size_t)CPU_COUNT(&set);
}

void check_crew_work(struct check_crew *crew)
{
    pthread_t threads[CHECK_CREW_MAX];
    size_t processors = count_processors();
    size_t wanted = processors < crew->count ? processors : crew->count;
    size_t running = 0;
    // This thread is one of them, and does it all where no other can be had.
    while (running + 1 < wanted && pthread_create(&threads[running], NULL, work, crew) == 0)
        running++;
    work(crew);
    while (running > 0)
        pthread_join(threads[--running], NULL);
}

struct check_job *check_crew_find(struct check_crew *crew, const struct check *check)
{
    for (size_t i = 0; i < crew->count; i++)
        if (crew->jobs[i].check == check)
            return &crew->jobs[i];
    return NULL;
}

enum status check_crew_take(struct check_job *job, struct finding_list *findings, struct error *err)
{
    TRY(finding_take(findings, &job->findings, err));
    if (job->status != STATUS_OK)
        *err = job->error;
    return job->status;
}
