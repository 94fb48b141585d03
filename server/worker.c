// One thread that answers.
#include "worker.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

struct worker {
    struct MHD_Daemon *daemon; // NULL: not started, or stopped
    struct authenticator authenticator;
    struct exchange exchange;
    atomic_uint in_flight; // written by its own thread only
};

static void count_in_flight(struct worker *worker, int change)
{
    unsigned now = atomic_load_explicit(&worker->in_flight, memory_order_relaxed);
    atomic_store_explicit(&worker->in_flight, now + (unsigned)change, memory_order_relaxed);
}

// `*request` is NULL with the first call for a request, and the worker from then on.
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_bytes, void **request)
{
    struct worker *worker = context;
    const struct exchange_line line = { .method = method, .url = url, .version = version };
    (void)upload;
    if (!*request) {
        *request = worker;
        count_in_flight(worker, 1);
        return exchange_begin(&worker->exchange, connection, &line);
    }
    if (*upload_bytes > 0) {
        *upload_bytes = 0; // refused already; what still comes is not kept
        return MHD_YES;
    }
    return exchange_answer(&worker->exchange, connection, &line);
}

static void completed(void *context, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode how)
{
    (void)connection, (void)how;
    if (*request)
        count_in_flight(context, -1);
    *request = NULL;
}

// Escapes are ours to decode, once, after the path has been told from the query (target.h).
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

static enum status start_daemon(struct worker *worker, int listen_fd, unsigned max_connections,
                                struct error *err)
{
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_LISTEN_SOCKET, listen_fd, NULL },
        { MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, WORKER_CONNECTION_MEMORY_BYTES, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, WORKER_IDLE_SECONDS, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, max_connections, NULL },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)completed, worker },
        { MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, worker },
        { MHD_OPTION_END, 0, NULL },
    };
    worker->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO,
                         0, NULL, NULL, handle, worker, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (!worker->daemon)
        return error_errno(err, "cannot start", "a worker thread");
    return STATUS_OK;
}

enum status worker_start(struct worker **out, struct exchange_services *services, unsigned number,
                         int listen_fd, unsigned max_connections, struct error *err)
{
    struct worker *worker OWNED(worker_release) = NULL;
    int own_fd OWNED(file_close) = -1;
    TRY(memory_new(&worker, 1, sizeof(*worker), err));
    TRY(authenticator_init(&worker->authenticator, holder_identity(services->holder), err));
    worker->exchange = (struct exchange) { .services = services,
                                           .authenticator = &worker->authenticator,
                                           .worker = number };
    own_fd = fcntl(listen_fd, F_DUPFD_CLOEXEC, 0); // each daemon closes its own
    if (own_fd < 0)
        return error_errno(err, "cannot share", "the listening socket");
    TRY(start_daemon(worker, own_fd, max_connections, err));
    own_fd = -1;
    *out = MOVE(worker);
    return STATUS_OK;
}

void worker_quiesce(struct worker *worker)
{
    int fd = MHD_quiesce_daemon(worker->daemon);
    file_close(&fd);
}

unsigned worker_in_flight(const struct worker *worker)
{
    return atomic_load_explicit(&worker->in_flight, memory_order_relaxed);
}

uint64_t worker_refused(const struct worker *worker, enum authenticator_refusal reason)
{
    return atomic_load_explicit(&worker->authenticator.refused[reason], memory_order_relaxed);
}

void worker_stop(struct worker *worker)
{
    if (worker->daemon)
        MHD_stop_daemon(worker->daemon);
    worker->daemon = NULL;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    worker_stop(worker);
    authenticator_release(&worker->authenticator);
    free(worker);
}

void worker_release(struct worker **worker)
{
    worker_free(*worker);
    *worker = NULL;
}
