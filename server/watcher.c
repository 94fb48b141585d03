// Follows the branches live and control.
#include "watcher.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "log.h"

// git moves a ref by renaming its lock file: refs/heads/live.lock to live, packed-refs.lock to
// packed-refs.
#define MOVES (IN_MOVED_TO | IN_ONLYDIR)

struct watcher {
    struct watcher_plan plan;
    pthread_t thread;
    bool is_started;
    int stop_fd;
    int notice_fd;
    char last_fault[ERROR_MESSAGE_BYTES]; // so that one cause is logged once; "": all was well
};

// Watching a folder twice changes nothing; one that was replaced, or was not there, is found again.
static void watch_folders(struct watcher *watcher)
{
    static const char *const folders[] = { "", "/refs/heads" };
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        struct buffer path OWNED(buffer_release) = { 0 };
        buffer_append_text(&path, holder_store_path(watcher->plan.holder));
        buffer_append_text(&path, folders[i]);
        (void)inotify_add_watch(watcher->notice_fd, buffer_text(&path), MOVES);
    }
}

static void report_fault(struct watcher *watcher, const struct error *err)
{
    atomic_store(&watcher->plan.readiness->fault, err->code);
    atomic_fetch_add(&watcher->plan.readiness->faults, 1);
    if (strcmp(watcher->last_fault, err->message) == 0)
        return;
    memcpy(watcher->last_fault, err->message, sizeof(watcher->last_fault));
    log_line(watcher->plan.log, LOG_FAULT,
             "what is live now is not taken, the last verified state is served: %s%s%s",
             err->message, err->hint[0] ? "; " : "", err->hint);
}

static void report_change(struct watcher *watcher, int64_t took_ns)
{
    struct readiness *readiness = watcher->plan.readiness;
    atomic_fetch_add(&readiness->reloads, 1);
    atomic_store(&readiness->reload_ns, took_ns);
    atomic_store(&readiness->state_at, clock_now());
}

static void report_state(struct watcher *watcher, bool has_changed)
{
    struct holder *holder = watcher->plan.holder;
    struct readiness *readiness = watcher->plan.readiness;
    atomic_store(&readiness->fault, NULL);
    atomic_store(&readiness->looked_at, clock_now());
    if (!has_changed && !watcher->last_fault[0])
        return;
    watcher->last_fault[0] = '\0';
    log_line(watcher->plan.log, LOG_NOTE, "serving state %s, %zu artifacts", holder_commit(holder),
             holder_count(holder));
}

static void look(struct watcher *watcher)
{
    struct error err;
    bool has_changed;
    int64_t began_ns = clock_monotonic_ns();
    atomic_fetch_add(&watcher->plan.readiness->looks, 1);
    enum status status = holder_reload(watcher->plan.holder, &has_changed, &err);
    int64_t took_ns = clock_monotonic_ns() - began_ns;
    if (status == STATUS_OK && has_changed)
        report_change(watcher, took_ns);
    if (status == STATUS_OK)
        status = holder_check_packs(watcher->plan.holder, &err);
    if (status == STATUS_OK)
        report_state(watcher, has_changed);
    else
        report_fault(watcher, &err);
    if (watcher->plan.each_look)
        watcher->plan.each_look(watcher->plan.context);
}

// What the notices say does not matter: each only means that it is time to look.
static void drain(int notice_fd)
{
    char notices[4096];
    while (read(notice_fd, notices, sizeof(notices)) > 0)
        continue;
}

static void *run(void *argument)
{
    struct watcher *watcher = argument;
    struct pollfd waits[] = { { .fd = watcher->stop_fd, .events = POLLIN },
                              { .fd = watcher->notice_fd, .events = POLLIN } };
    for (;;) {
        watch_folders(watcher);
        look(watcher);
        poll(waits, COUNT_OF(waits), WATCHER_INTERVAL_MS);
        if (waits[0].revents)
            return NULL;
        drain(watcher->notice_fd);
    }
}

enum status watcher_start(struct watcher **out, const struct watcher_plan *plan, struct error *err)
{
    struct watcher *watcher OWNED(watcher_release) = NULL;
    TRY(memory_new(&watcher, 1, sizeof(*watcher), err));
    watcher->plan = *plan;
    watcher->notice_fd = -1;
    watcher->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watcher->stop_fd < 0)
        return error_errno(err, "cannot make", "an eventfd");
    watcher->notice_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watcher->notice_fd < 0)
        log_line(watcher->plan.log, LOG_WARNING,
                 "no notices of changes (inotify: %s): promotions show within %d ms",
                 strerror(errno), WATCHER_INTERVAL_MS);
    if (pthread_create(&watcher->thread, NULL, run, watcher) != 0)
        return error_set(err, STATUS_IO, "thread", "cannot start the watcher's thread");
    watcher->is_started = true;
    *out = MOVE(watcher);
    return STATUS_OK;
}

void watcher_free(struct watcher *watcher)
{
    if (!watcher)
        return;
    if (watcher->is_started) {
        (void)eventfd_write(watcher->stop_fd, 1);
        pthread_join(watcher->thread, NULL);
    }
    file_close(&watcher->notice_fd);
    file_close(&watcher->stop_fd);
    free(watcher);
}

void watcher_release(struct watcher **watcher)
{
    watcher_free(*watcher);
    *watcher = NULL;
}
