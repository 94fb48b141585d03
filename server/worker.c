// One thread that answers.
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "loop.h"

struct worker {
    struct authenticator authenticator;
    pthread_t thread;
    bool is_open;
    bool is_started;
    struct loop loop;
};

static void *run(void *argument)
{
    struct worker *worker = argument;
    loop_run(&worker->loop);
    return NULL;
}

enum status worker_start(struct worker **out, struct exchange_services *services, unsigned number,
                         int listen_fd, unsigned max_connections, struct error *err)
{
    struct worker *worker OWNED(worker_release) = NULL;
    TRY(memory_new(&worker, 1, sizeof(*worker), err));
    struct loop *loop = &worker->loop;
    authenticator_init(&worker->authenticator, holder_identity(services->holder),
                       services->refusals);
    loop->listen_fd = listen_fd;
    loop->max_connections = max_connections;
    loop->bench.exchange.services = services;
    loop->bench.exchange.authenticator = &worker->authenticator;
    loop->bench.exchange.worker = number;
    loop->bench.exchange.counters = &services->counters[number];
    services->authenticators[number] = &worker->authenticator;
    worker->is_open = true;
    TRY(loop_open(loop, err));
    if (pthread_create(&worker->thread, NULL, run, worker) != 0)
        return error_set(err, STATUS_IO, "thread", "cannot start a worker's thread");
    worker->is_started = true;
    *out = MOVE(worker);
    return STATUS_OK;
}

void worker_quiesce(struct worker *worker)
{
    atomic_store(&worker->loop.must_quiesce, true);
    loop_wake(&worker->loop);
}

bool worker_is_quiet(const struct worker *worker)
{
    return atomic_load(&worker->loop.is_quiet);
}

uint64_t worker_refused(const struct worker *worker, enum authenticator_refusal reason)
{
    return atomic_load_explicit(&worker->authenticator.refused[reason], memory_order_relaxed);
}

void worker_stop(struct worker *worker)
{
    if (!worker->is_started)
        return;
    atomic_store(&worker->loop.must_end, true);
    loop_wake(&worker->loop);
    pthread_join(worker->thread, NULL);
    worker->is_started = false;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    worker_stop(worker);
    if (worker->is_open)
        loop_close(&worker->loop);
    free(worker);
}

void worker_release(struct worker **worker)
{
    worker_free(*worker);
    *worker = NULL;
}
