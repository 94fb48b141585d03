// Checks of one subject, run side by side. Internal to check.c.
#pragma once

#include <stdatomic.h>

#include "check/check.h"

#define CHECK_CREW_MAX 8 // jobs, and so threads

struct check_job {
    const struct check *check;
    struct finding_list findings;
    enum status status;
    struct error error;
};

// Starts with `subject` alone set; its content is held (content_hold).
struct check_crew {
    const struct check_subject *subject;
    struct check_job jobs[CHECK_CREW_MAX];
    size_t count;
    atomic_size_t next; // job that nobody has begun yet
};

void check_crew_release(struct check_crew *crew);

// Adds a job; one too many is left for the caller to run.
void check_crew_add(struct check_crew *crew, const struct check *check);

// Runs all jobs, on as many processors as there are, this thread's among them; each job keeps its
// findings and its status.
void check_crew_work(struct check_crew *crew);

// The job of a check, or NULL.
struct check_job *check_crew_find(struct check_crew *crew, const struct check *check);

// Moves what a job found behind `findings`, and answers as its check did.
enum status check_crew_take(struct check_job *job, struct finding_list *findings,
                            struct error *err);
