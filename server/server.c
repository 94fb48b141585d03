// The whole server.
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "confine.h"
#include "exchange.h"
#include "journal.h"
#include "listener.h"
#include "log.h"
#include "prepared.h"
#include "receipts.h"
#include "refusals.h"
#include "supervisor.h"
#include "watcher.h"
#include "worker.h"

#define STOP_POLL_MS 5
#define STOP_LAST_MS 200           // for those who were told that there will be no archive
#define REFUSALS_LOG_MS 60000      // a client with a wrong key must not fill the log
#define EMERGENCIES_LOOK_MS 2000   // not with every look
#define EMERGENCIES_LOG_MS 3600000 // once an hour until somebody acts
#define OTHER_FILES 64             // descriptors that are no connections: stores, notices, archives

struct server {
    struct exchange_services services;
    struct watcher *watcher;
    struct refusals *refusals;
    struct receipts *receipts;
    struct journal *journal;
    const char *environment_path; // borrowed, until it is started
    struct worker **workers;
    unsigned worker_count; // started
    unsigned threads;      // wanted
    bool is_writable;
    int listen_fd;
    bool is_unconfined;
    const char *reread[4]; // NULL-ended: the certificate, its key and its callers' issuers
    const struct supervisor *supervisor;
    char address[LISTENER_ADDRESS_BYTES];
    uint64_t logged_refusals[REFUSAL_COUNT]; // the watcher's own, like the next two
    uint64_t logged_receipts;
    int64_t refusals_logged_ms;
    int64_t emergencies_looked_ms;
    int64_t emergencies_logged_ms;
    struct unmet unmet;
};

static enum status refuse_sandbox(const struct server *server, struct error *err)
{
    const struct environment_identity *identity = holder_identity(server->services.holder);
    if (identity->environment_class == ENVIRONMENT_LIVE || server->is_writable)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "sandbox_not_served",
              "'%s' is a sandbox: it holds drafts, and no draft is ever served", identity->name);
    return error_hint(err, "serve a live environment, and promote to it from here; or take "
                           "operations on this one with --writable");
}

// Before anything of the environment is read: no other one, no sandbox, can be opened by mistake.
static enum status keep_to_environment(const struct server *server, const struct server_plan *plan,
                                       struct error *err)
{
    static const char *const means[2][2] = { { "nothing: the kernel has no means", "seccomp" },
                                             { "Landlock", "Landlock and seccomp" } };
    bool files;
    bool calls;
    struct confine_plan confinement = { .environment_path = plan->environment_path,
                                        .also_readable = server->reread,
                                        .may_write = true,
                                        .scratch_path = archive_spool_folder() };
    if (plan->is_unconfined)
        return STATUS_OK;
    TRY(confine_files(&files, &confinement, err));
    TRY(confine_calls(&calls, err));
    log_line(server->services.log, LOG_NOTE, "confined to its environment by %s",
             means[files][calls]);
    return STATUS_OK;
}

// Those who answer requests write nothing but cache/; whoever was started before may still.
static enum status keep_to_reading(const struct server *server, struct error *err)
{
    bool files;
    struct confine_plan confinement = { .environment_path = server->environment_path,
                                        .also_readable = server->reread,
                                        .scratch_path = archive_spool_folder() };
    return server->is_unconfined ? STATUS_OK : confine_files(&files, &confinement, err);
}

// Keys that go over a network in the clear are everybody's. A proxy in front is for its operator to
// vouch for.
static enum status begin_tls(struct server *server, const struct server_plan *plan,
                             struct error *err)
{
    if (plan->tls.certificate_path)
        return tls_open(&server->services.tls, &plan->tls, err);
    if (plan->allows_plain_http || listener_is_loopback(server->listen_fd))
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "plain_http_refused",
              "%s can be reached from other machines, and there is no TLS", server->address);
    return error_hint(err,
                      "give --tls-certificate and --tls-key; or --plain-http, where a proxy in "
                      "front ends TLS");
}

enum status server_open(struct server **out, const struct server_plan *plan, struct error *err)
{
    struct server *server OWNED(server_release) = NULL;
    struct listener_address address;
    TRY(listener_parse(&address, plan->listen, err));
    TRY(memory_new(&server, 1, sizeof(*server), err));
    server->listen_fd = -1;
    server->threads = plan->threads;
    server->is_writable = plan->is_writable;
    server->services.environment_path = plan->environment_path;
    server->services.scheme = plan->tls.certificate_path ? "https" : "http";
    server->services.limits = plan->limits;
    server->services.workers = plan->threads;
    TRY(memory_new(&server->workers, plan->threads, sizeof(*server->workers), err));
    if (plan->is_trial)
        snprintf(address.port, sizeof(address.port), "0"); // any: a server may hold the other
    TRY(listener_bind(&server->listen_fd, server->address, &address, err));
    TRY(begin_tls(server, plan, err));
    server->reread[0] = plan->tls.certificate_path; // NULL: nor are there the others
    server->reread[1] = plan->tls.key_path;
    server->reread[2] = plan->tls.client_ca_path;
    server->is_unconfined = plan->is_unconfined;
    server->supervisor = plan->supervisor;
    // While it may open what it is.
    TRY(log_open(&server->services.log, STDERR_FILENO, plan->log_format, err));
    TRY(keep_to_environment(server, plan, err));
    struct snapshot_face face = prepared_face();
    struct holder_plan held = { plan->threads, plan->states, &face };
    TRY(holder_open(&server->services.holder, plan->environment_path, &held, err));
    TRY(refuse_sandbox(server, err));
    TRY(refusals_new(&server->refusals, holder_identity(server->services.holder), err));
    server->services.refusals = refusals_ring(server->refusals);
    TRY(receipts_new(&server->receipts, err));
    server->services.receipts = server->receipts;
    server->environment_path = plan->environment_path;
    atomic_store(&server->services.readiness.state_at, clock_now());
    atomic_store(&server->services.readiness.looked_at, clock_now());
    *out = MOVE(server);
    return STATUS_OK;
}

// As many connections as were asked for, or each thread may have; no more than there may be
// descriptors for.
static unsigned count_connections(const struct server *server)
{
    struct rlimit files;
    unsigned wanted = server->services.limits.connections;
    if (wanted == 0)
        wanted = LIMITS_CONNECTIONS_PER_THREAD * server->threads;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0)
        (void)getrlimit(RLIMIT_NOFILE, &files);
    rlim_t room = files.rlim_cur > OTHER_FILES ? files.rlim_cur - OTHER_FILES : 1;
    return room < wanted ? (unsigned)room : wanted;
}

static uint64_t count_refusals(const struct server *server, enum authenticator_refusal reason)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < server->worker_count; i++)
        count += worker_refused(server->workers[i], reason);
    return count;
}

// Who was not let in since the last time, by reason.
static void log_refusals(struct server *server)
{
    for (int reason = 0; reason < REFUSAL_COUNT; reason++) {
        uint64_t count = count_refusals(server, (enum authenticator_refusal)reason);
        uint64_t fresh = count - server->logged_refusals[reason];
        server->logged_refusals[reason] = count;
        if (fresh > 0)
            log_line(server->services.log, LOG_WARNING, "refused requests %s: %llu",
                     authenticator_refusal_words((enum authenticator_refusal)reason),
                     (unsigned long long)fresh);
    }
}

static void log_receipts(struct server *server)
{
    uint64_t dropped = receipts_dropped(server->receipts);
    if (dropped > server->logged_receipts)
        log_line(server->services.log, LOG_WARNING,
                 "receipts of calls that found no room and are not written: %llu",
                 (unsigned long long)(dropped - server->logged_receipts));
    server->logged_receipts = dropped;
}

// An emergency release whose time is over is served on, and shouted about.
static void look_for_emergencies(struct server *server, int64_t now_ms)
{
    struct readiness *readiness = &server->services.readiness;
    if (server->emergencies_looked_ms != 0 &&
        now_ms - server->emergencies_looked_ms < EMERGENCIES_LOOK_MS)
        return;
    server->emergencies_looked_ms = now_ms;
    struct emergencies now = holder_emergencies(server->services.holder, clock_now());
    atomic_store(&readiness->open_emergencies, now.open);
    unsigned before = atomic_exchange(&readiness->expired_emergencies, now.expired);
    if (now.expired > 0 &&
        (now.expired != before || now_ms - server->emergencies_logged_ms >= EMERGENCIES_LOG_MS)) {
        server->emergencies_logged_ms = now_ms;
        log_line(server->services.log, LOG_WARNING,
                 "%u emergency releases are live past their time: make up for them, or roll back",
                 now.expired);
    }
}

// What a quarantine leaves behind: live, and without what it uses.
static void look_for_unmet_uses(struct server *server)
{
    uint64_t before = server->unmet.serial;
    holder_unmet(server->services.holder, &server->unmet);
    atomic_store(&server->services.readiness.unmet_uses, server->unmet.count);
    if (server->unmet.serial != before && server->unmet.count > 0)
        log_line(server->services.log, LOG_WARNING,
                 "live artifacts use what is not live (%u): %s uses %s", server->unmet.count,
                 server->unmet.user, server->unmet.used);
}

static void each_look(void *context)
{
    struct server *server = context;
    int64_t now_ms = clock_monotonic_ms();
    supervisor_tell_alive(server->supervisor);
    look_for_emergencies(server, now_ms);
    look_for_unmet_uses(server);
    if (server->refusals_logged_ms != 0 && now_ms - server->refusals_logged_ms < REFUSALS_LOG_MS)
        return;
    server->refusals_logged_ms = now_ms;
    log_refusals(server);
    log_receipts(server);
}

enum status server_start(struct server *server, struct error *err)
{
    struct exchange_services *services = &server->services;
    unsigned connections = count_connections(server);
    unsigned share = services->limits.per_address;
    if (share == 0)
        share = (connections + LIMITS_ADDRESS_SHARE - 1) / LIMITS_ADDRESS_SHARE;
    TRY(visitors_new(&services->visitors, share, err));
    TRY(memory_new(&services->counters, server->threads, sizeof(*services->counters), err));
    TRY(memory_new(&services->authenticators, server->threads, sizeof(*services->authenticators),
                   err));
    TRY(log_start(services->log, err));
    struct journal_sink sinks[] = { refusals_sink(server->refusals),
                                    receipts_sink(server->receipts) };
    TRY(journal_start(&server->journal, server->environment_path, sinks, COUNT_OF(sinks),
                      services->log, err));
    services->journal = server->journal;
    TRY(archiver_start(&server->services.archiver, holder_cache_path(server->services.holder),
                       server->threads, services->log, err));
    if (server->is_writable)
        TRY(performer_start(&server->services.performer, err));
    TRY(keep_to_reading(server, err));
    TRY(listener_begin(server->listen_fd, err));
    for (unsigned i = 0; i < server->threads; i++) {
        TRY(worker_start(&server->workers[i], services, i, server->listen_fd,
                         (connections + server->threads - 1) / server->threads, err));
        server->worker_count++;
    }
    struct watcher_plan plan = { .holder = server->services.holder,
                                 .readiness = &server->services.readiness,
                                 .log = server->services.log,
                                 .each_look = each_look,
                                 .context = server };
    return watcher_start(&server->watcher, &plan, err);
}

const char *server_scheme(const struct server *server)
{
    return server->services.scheme;
}

enum status server_reload(struct server *server, struct error *err)
{
    if (!server->services.tls)
        return STATUS_OK;
    enum status status = tls_reload(server->services.tls, err);
    if (status == STATUS_OK)
        log_line(server->services.log, LOG_NOTE, "certificate and key were read again");
    else
        log_line(server->services.log, LOG_FAULT,
                 "the certificate that was read before goes on being used: %s", err->message);
    return status;
}

const char *server_environment_name(const struct server *server)
{
    return holder_identity(server->services.holder)->name;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

static bool is_quiet(const struct server *server)
{
    for (unsigned i = 0; i < server->worker_count; i++)
        if (!worker_is_quiet(server->workers[i]))
            return false;
    return true;
}

static void wait_for_answers(const struct server *server, int64_t limit_ms)
{
    static const struct timespec pause = { .tv_nsec = STOP_POLL_MS * 1000000 };
    int64_t deadline_ms = clock_monotonic_ms() + limit_ms;
    while (!is_quiet(server) && clock_monotonic_ms() < deadline_ms)
        nanosleep(&pause, NULL);
}

void server_stop(struct server *server)
{
    if (server->worker_count == 0)
        return;
    log_line(server->services.log, LOG_NOTE, "stopping: answers under way are finished");
    atomic_store(&server->services.readiness.is_stopping, true);
    for (unsigned i = 0; i < server->worker_count; i++)
        worker_quiesce(server->workers[i]);
    wait_for_answers(server, 1000 * server->services.limits.stop_seconds);
    archiver_stop(server->services.archiver); // whoever waits for one gets an answer now
    if (server->services.performer)
        performer_stop(server->services.performer); // what was begun is finished
    wait_for_answers(server, STOP_LAST_MS);
    watcher_release(&server->watcher);
    log_refusals(server);
    log_receipts(server);
    for (unsigned i = 0; i < server->threads; i++)
        worker_release(&server->workers[i]);
    server->worker_count = 0;
    journal_release(&server->journal); // after the last note
}

void server_free(struct server *server)
{
    if (!server)
        return;
    server_stop(server);
    watcher_release(&server->watcher);
    archiver_release(&server->services.archiver);
    performer_release(&server->services.performer);
    journal_release(&server->journal);
    refusals_free(server->refusals);
    receipts_free(server->receipts);
    holder_free(server->services.holder); // after the workers: retires their responses
    tls_release(&server->services.tls);
    visitors_release(&server->services.visitors);
    log_release(&server->services.log);
    file_close(&server->listen_fd);
    free(server->services.authenticators);
    free(server->services.counters);
    free(server->workers);
    free(server);
}

void server_release(struct server **server)
{
    server_free(*server);
    *server = NULL;
}
