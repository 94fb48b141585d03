// All the artifacts that one reload looks at again.
#pragma once

#include "base/error.h"
#include "snapshot/job.h"
#include "snapshot/table.h"

// Starts as {0}.
struct job_list {
    struct job *items;
    size_t count;
    size_t capacity;
    bool undo; // what the jobs made was not put in place: it goes with them
};
void job_list_release(struct job_list *jobs);

// Adds an artifact whose folder in live is `folder`; copies the path.
enum status job_list_add(struct job_list *jobs, const char *path, const struct oid *folder,
                         struct error *err);

// Once all are added: in order of their paths, each once, with what `table` (NULL: nothing) has of
// them.
enum status job_list_settle(struct job_list *jobs, const struct table *table, struct error *err);

// Runs them all: in this thread with `store`, and when there are many also in helper threads, each
// with a store of its own. The first failure ends it.
#define JOB_LIST_MAX_THREADS                                                                       \
    4 // verification is a matter of processors; what more would win is
      // lost to the disk
#define JOB_LIST_JOBS_PER_THREAD 64 // opening a store for fewer would cost more than it saves
enum status job_list_run(struct job_list *jobs, const struct job_context *context,
                         struct store *store, struct error *err);
