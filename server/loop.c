// The epoll loop of one worker.
#include "loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "tls.h"

#define MAX_EVENTS 256
#define MAX_ACCEPTS 16      // at once: those who are here already have their turn in between
#define SWEEP_MS 250        // how late the overdue may be noticed
#define ACCEPT_PAUSE_MS 100 // after the system had no descriptor left

// --- the connections ---

static void close_connection(struct loop *loop, struct connection *connection)
{
    *(connection->before ? &connection->before->after : &loop->open) = connection->after;
    if (connection->after)
        connection->after->before = connection->before;
    loop->open_count--;
    visitors_leave(loop->bench.exchange.services->visitors, &connection->visitor);
    connection_release(connection);
    connection->is_over = true;
    connection->after = loop->closed;
    loop->closed = connection;
}

static void line_up(struct loop *loop, struct connection *connection)
{
    if (connection->is_ready)
        return;
    connection->is_ready = true;
    connection->next_ready = NULL;
    *loop->ready_end = connection;
    loop->ready_end = &connection->next_ready;
}

static void settle(struct loop *loop, struct connection *connection, enum connection_state state)
{
    if (state == CONNECTION_READY)
        line_up(loop, connection);
    // One that is parked is still known to whoever will resume it.
    if (state == CONNECTION_OVER && !connection->is_parked)
        close_connection(loop, connection);
}

static void run_connection(struct loop *loop, struct connection *connection)
{
    settle(loop, connection, connection_run(connection));
}

// Each that was lined up when the round began, once.
static void run_ready(struct loop *loop)
{
    struct connection *next = loop->ready;
    loop->ready = NULL;
    loop->ready_end = &loop->ready;
    while (next) {
        struct connection *connection = next;
        next = connection->next_ready;
        connection->is_ready = false;
        if (!connection->is_over)
            run_connection(loop, connection);
    }
}

static void free_closed(struct loop *loop)
{
    struct connection **place = &loop->closed;
    while (*place) {
        struct connection *connection = *place;
        if (connection->is_ready) { // still in the line of those who have their turn next
            place = &connection->after;
            continue;
        }
        *place = connection->after;
        free(connection);
    }
}

// --- who connects ---

static enum status adopt(struct loop *loop, int *fd, const struct visitor *visitor,
                         struct error *err)
{
    struct connection *connection OWNED(memory_release) = NULL;
    struct tls *tls = loop->bench.exchange.services->tls;
    struct transport transport = { .fd = *fd };
    int on = 1;
    TRY(memory_new(&connection, 1, sizeof(*connection), err));
    if (tls && !(transport.tls = tls_begin(tls, *fd)))
        return error_no_memory(err);
    (void)setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    *fd = -1;
    connection_init(connection, &loop->bench, &transport);
    connection->visitor = *visitor;
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                 .data.ptr = connection };
    if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, transport.fd, &event) != 0) {
        connection_release(connection);
        return error_errno(err, "cannot watch", "a connection");
    }
    connection->after = loop->open;
    if (loop->open)
        loop->open->before = connection;
    loop->open = MOVE(connection);
    loop->open_count++;
    return STATUS_OK;
}

// Makes room by closing the connection that has been waiting for a request the longest. Whoever
// reuses one is prepared for that (RFC 9112 section 9.5).
static void evict_idle(struct loop *loop)
{
    struct phase_place *place = loop->bench.phases.lists[PHASE_IDLE].first;
    close_connection(loop, (struct connection *)place);
    counters_add(loop->bench.exchange.counters, COUNTER_EVICTED, 1);
}

static void watch_listener(struct loop *loop, bool is_wanted)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &loop->listen_fd };
    (void)epoll_ctl(loop->epoll_fd, is_wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->listen_fd,
                    &event);
}

// Whoever comes waits in the system's queue until there is a place, or a descriptor, again. Without
// a pause the loop would do nothing but try.
static void pause_accepting(struct loop *loop, enum counter reason)
{
    counters_add(loop->bench.exchange.counters, reason, 1);
    watch_listener(loop, false);
    loop->accepts_again_ms = loop->bench.now_ms + ACCEPT_PAUSE_MS;
}

static void admit(struct loop *loop, int *fd, const struct sockaddr_storage *address)
{
    struct exchange *exchange = &loop->bench.exchange;
    struct visitors *visitors = exchange->services->visitors;
    struct visitor visitor = visitors_address(address);
    struct error unheard;
    counters_add(exchange->counters, COUNTER_ACCEPTED, 1);
    if (!visitors_enter(visitors, &visitor)) {
        counters_add(exchange->counters, COUNTER_REFUSED_ADDRESS, 1);
        return;
    }
    if (loop->open_count >= loop->max_connections)
        evict_idle(loop);
    if (adopt(loop, fd, &visitor, &unheard) == STATUS_OK)
        return;
    visitors_leave(visitors, &visitor);
    counters_add(exchange->counters, COUNTER_REFUSED_SYSTEM, 1);
}

static void accept_some(struct loop *loop)
{
    for (int i = 0; i < MAX_ACCEPTS && loop->listen_fd >= 0; i++) {
        struct sockaddr_storage address = { 0 };
        socklen_t length = sizeof(address);
        if (loop->open_count >= loop->max_connections &&
            loop->bench.phases.lists[PHASE_IDLE].count == 0) {
            pause_accepting(loop, COUNTER_REFUSED_FULL);
            return;
        }
        int fd OWNED(file_close) = accept4(loop->listen_fd, (struct sockaddr *)&address, &length,
                                           SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == ECONNABORTED || errno == EINTR))
            continue;
        if (fd < 0 && errno != EAGAIN && errno != EINVAL) // EINVAL: it was shut, we are stopping
            pause_accepting(loop, COUNTER_REFUSED_SYSTEM);
        if (fd < 0)
            return;
        admit(loop, &fd, &address);
    }
}

// --- the rounds ---

static void keep_date(struct loop *loop)
{
    time_t now = clock_now();
    struct tm parts;
    if (now == loop->date_of)
        return;
    gmtime_r(&now, &parts);
    strftime(loop->date, sizeof(loop->date), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    loop->date_of = now;
}

static void take_event(struct loop *loop, const struct epoll_event *event)
{
    if (event->data.ptr == &loop->listen_fd) {
        accept_some(loop);
        return;
    }
    if (event->data.ptr == &loop->wake_fd) {
        eventfd_t unread;
        (void)eventfd_read(loop->wake_fd, &unread);
        return;
    }
    struct connection *connection = event->data.ptr;
    if (connection->is_over)
        return;
    connection->is_ending |= (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    // Over TLS, what has to be written may be what a read waits for.
    connection->may_read |=
        (event->events & ~(uint32_t)EPOLLOUT) != 0 || connection->transport.tls != NULL;
    run_connection(loop, connection);
}

static void take_resumed(struct loop *loop)
{
    if (!atomic_load_explicit(&loop->resumed, memory_order_relaxed))
        return; // as in nearly every round; who resumes one wakes us
    struct connection *next = atomic_exchange(&loop->resumed, NULL);
    while (next) {
        struct connection *connection = next;
        next = connection->next_resumed;
        connection->is_parked = false;
        run_connection(loop, connection);
    }
}

static void sweep(struct loop *loop)
{
    static const enum counter timeouts[PHASE_COUNT] = {
        [PHASE_IDLE] = COUNTER_TIMEOUT_IDLE,   [PHASE_HEAD] = COUNTER_TIMEOUT_HEAD,
        [PHASE_BODY] = COUNTER_TIMEOUT_BODY,   [PHASE_SEND] = COUNTER_TIMEOUT_SEND,
        [PHASE_LINGER] = COUNTER_TIMEOUT_SEND,
    };
    struct phase_lists *phases = &loop->bench.phases;
    if (loop->bench.now_ms - loop->swept_ms < SWEEP_MS)
        return;
    loop->swept_ms = loop->bench.now_ms;
    for (enum phase phase = PHASE_NONE + 1; phase < PHASE_COUNT; phase++) {
        struct phase_place *place;
        while ((place = phase_next_overdue(phases, phase, loop->bench.now_ms)) != NULL) {
            struct connection *connection = (struct connection *)place;
            counters_add(loop->bench.exchange.counters, timeouts[phase], 1);
            settle(loop, connection, connection_overdue(connection));
        }
    }
    if (loop->accepts_again_ms != 0 && loop->bench.now_ms >= loop->accepts_again_ms) {
        loop->accepts_again_ms = 0;
        watch_listener(loop, true);
    }
}

// Whoever has sent a request just now is still answered; the others are free to go.
static void quiesce(struct loop *loop)
{
    struct phase_list *idle = &loop->bench.phases.lists[PHASE_IDLE];
    if (loop->bench.is_stopping)
        return;
    loop->bench.is_stopping = true;
    accept_some(loop);
    if (loop->accepts_again_ms == 0)
        watch_listener(loop, false);
    (void)shutdown(loop->listen_fd, SHUT_RD); // the system refuses who comes from now on
    loop->listen_fd = -1;
    loop->accepts_again_ms = 0;
    for (size_t left = idle->count; left > 0 && idle->first; left--) {
        struct connection *connection = (struct connection *)idle->first;
        connection->may_read = true;
        run_connection(loop, connection);
        if (!connection->is_over && connection->place.phase == PHASE_IDLE)
            close_connection(loop, connection);
    }
}

static void publish(struct loop *loop)
{
    const struct phase_list *lists = loop->bench.phases.lists;
    struct counters *counters = loop->bench.exchange.counters;
    atomic_store_explicit(&counters->open_connections, loop->open_count, memory_order_relaxed);
    atomic_store_explicit(&counters->idle_connections, lists[PHASE_IDLE].count,
                          memory_order_relaxed);
    size_t others = lists[PHASE_IDLE].count + lists[PHASE_HEAD].count + lists[PHASE_LINGER].count;
    if (loop->bench.is_stopping)
        atomic_store(&loop->is_quiet, loop->open_count == others);
}

static int time_to_wait(const struct loop *loop)
{
    if (loop->ready)
        return 0;
    return loop->open_count > 0 || loop->accepts_again_ms != 0 ? SWEEP_MS : -1;
}

static void run_round(struct loop *loop)
{
    struct epoll_event events[MAX_EVENTS];
    int count = epoll_wait(loop->epoll_fd, events, MAX_EVENTS, time_to_wait(loop));
    loop->bench.now_ns = clock_monotonic_ns();
    loop->bench.now_ms = loop->bench.now_ns / 1000000;
    keep_date(loop);
    for (int i = 0; i < count; i++) {
        if (i + 1 < count) // while one is looked after, the next one's memory is on its way
            __builtin_prefetch(events[i + 1].data.ptr);
        take_event(loop, &events[i]);
    }
    take_resumed(loop);
    run_ready(loop);
    sweep(loop);
    if (atomic_load_explicit(&loop->must_quiesce, memory_order_relaxed))
        quiesce(loop);
    free_closed(loop);
    publish(loop);
}

void loop_run(struct loop *loop)
{
    while (!atomic_load(&loop->must_end))
        run_round(loop);
}

void loop_wake(struct loop *loop)
{
    (void)eventfd_write(loop->wake_fd, 1);
}

static void resume(void *context, struct connection *connection)
{
    struct loop *loop = context;
    struct connection *first = atomic_load(&loop->resumed);
    do
        connection->next_resumed = first;
    while (!atomic_compare_exchange_weak(&loop->resumed, &first, connection));
    loop_wake(loop);
}

enum status loop_open(struct loop *loop, struct error *err)
{
    loop->ready_end = &loop->ready;
    loop->bench.resume = resume;
    loop->bench.context = loop;
    loop->bench.exchange.date = loop->date;
    loop->bench.now_ns = clock_monotonic_ns();
    phase_set_rules(&loop->bench.phases, &loop->bench.exchange.services->limits);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = &loop->wake_fd };
    if (loop->epoll_fd < 0 || loop->wake_fd < 0 ||
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_fd, &event) != 0)
        return error_errno(err, "cannot make", "an epoll descriptor");
    watch_listener(loop, true);
    return STATUS_OK;
}

void loop_close(struct loop *loop)
{
    while (loop->open)
        close_connection(loop, loop->open);
    loop->ready = NULL;
    for (struct connection *each = loop->closed; each; each = each->after)
        each->is_ready = false;
    free_closed(loop);
    file_close(&loop->epoll_fd);
    file_close(&loop->wake_fd);
}
