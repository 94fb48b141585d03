// What the operator of a server reads.
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#define LOOK_MS 100 // how often the thread looks whether it is to stop while nobody reads

struct log {
    int fd;
    enum log_format format;
    pthread_t thread;
    bool is_started;
    _Atomic uint64_t dropped;
    atomic_bool is_stopping;
    pthread_mutex_t lock; // over the queue
    pthread_cond_t changed;
    unsigned first;
    unsigned count;
    struct log_record records[LOG_QUEUE_LINES];
};

// The place of the next line, with the lock; NULL when there is none, and the line is lost. Filled
// where it lies: a record is too large to be copied for nothing.
static struct log_record *take_place(struct log *log, enum log_level level)
{
    if (log->count == LOG_QUEUE_LINES) {
        atomic_fetch_add(&log->dropped, 1);
        return NULL;
    }
    struct log_record *record = &log->records[(log->first + log->count) % LOG_QUEUE_LINES];
    log->count++;
    record->time = clock_now();
    record->level = level;
    record->request_id[0] = '\0';
    record->code = NULL;
    return record;
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&log->lock);
    struct log_record *record = take_place(log, level);
    if (record)
        vsnprintf(record->message, sizeof(record->message), format, arguments);
    pthread_cond_signal(&log->changed);
    pthread_mutex_unlock(&log->lock);
    va_end(arguments);
}

void log_request(struct log *log, const char *request_id, const struct error *fault)
{
    pthread_mutex_lock(&log->lock);
    struct log_record *record = take_place(log, LOG_FAULT);
    if (record) {
        snprintf(record->request_id, sizeof(record->request_id), "%s", request_id);
        snprintf(record->message, sizeof(record->message), "%s", fault->message);
        record->code = fault->code;
    }
    pthread_cond_signal(&log->changed);
    pthread_mutex_unlock(&log->lock);
}

// Whether the log may be written to, or has to stop.
static bool wait_for_reader(struct log *log, int64_t *deadline_ms)
{
    struct pollfd wait = { .fd = log->fd, .events = POLLOUT };
    for (;;) {
        bool is_over = *deadline_ms != 0 && clock_monotonic_ms() >= *deadline_ms;
        if (poll(&wait, 1, is_over ? 0 : LOOK_MS) > 0)
            return (wait.revents & POLLOUT) != 0;
        if (is_over)
            return false;
        if (*deadline_ms == 0 && atomic_load(&log->is_stopping))
            *deadline_ms = clock_monotonic_ms() + LOG_STOP_MS;
    }
}

// False: nobody reads it any more.
static bool write_bytes(struct log *log, const char *bytes, size_t length, int64_t *deadline_ms)
{
    while (length > 0) {
        if (!wait_for_reader(log, deadline_ms))
            return false;
        ssize_t written = write(log->fd, bytes, length);
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
    return true;
}

static bool write_record(struct log *log, const struct log_record *record, int64_t *deadline_ms)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    struct error unheard; // there is nowhere else to say so
    return log_record_print(&line, log->format, record, &unheard) == STATUS_OK &&
           write_bytes(log, line.bytes, line.length, deadline_ms);
}

// Takes the first line off the queue; false when the log is to stop and none is left.
static bool take_record(struct log *log, struct log_record *out)
{
    pthread_mutex_lock(&log->lock);
    while (log->count == 0 && !atomic_load(&log->is_stopping))
        pthread_cond_wait(&log->changed, &log->lock);
    bool has_record = log->count > 0;
    if (has_record) {
        *out = log->records[log->first];
        log->first = (log->first + 1) % LOG_QUEUE_LINES;
        log->count--;
    }
    pthread_mutex_unlock(&log->lock);
    return has_record;
}

static void *run(void *argument)
{
    struct log *log = argument;
    struct log_record record;
    int64_t deadline_ms = 0;
    uint64_t told = 0;
    while (take_record(log, &record)) {
        if (!write_record(log, &record, &deadline_ms))
            atomic_fetch_add(&log->dropped, 1);
        uint64_t dropped = atomic_load(&log->dropped);
        if (dropped == told)
            continue;
        record = (struct log_record) { .time = clock_now(), .level = LOG_WARNING };
        snprintf(record.message, sizeof(record.message),
                 "%llu lines of the log were lost: nobody read it",
                 (unsigned long long)(dropped - told));
        if (write_record(log, &record, &deadline_ms))
            told = dropped;
    }
    return NULL;
}

// A description of our own: O_NONBLOCK on the shared one would be set for all who share it.
static int open_again(int fd)
{
    char path[32];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int own = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return own >= 0 ? own : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

enum status log_open(struct log **out, int fd, enum log_format format, struct error *err)
{
    TRY(memory_new(out, 1, sizeof(**out), err));
    pthread_mutex_init(&(*out)->lock, NULL);
    pthread_cond_init(&(*out)->changed, NULL);
    (*out)->fd = open_again(fd);
    (*out)->format = format;
    return STATUS_OK;
}

enum status log_start(struct log *log, struct error *err)
{
    if (pthread_create(&log->thread, NULL, run, log) != 0)
        return error_set(err, STATUS_IO, "thread", "cannot start the log's thread");
    log->is_started = true;
    return STATUS_OK;
}

void log_stop(struct log *log)
{
    if (!log->is_started)
        return;
    pthread_mutex_lock(&log->lock);
    atomic_store(&log->is_stopping, true);
    pthread_cond_signal(&log->changed);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->thread, NULL);
    log->is_started = false;
}

void log_release(struct log **log)
{
    if (!*log)
        return;
    log_stop(*log);
    file_close(&(*log)->fd);
    pthread_cond_destroy(&(*log)->changed);
    pthread_mutex_destroy(&(*log)->lock);
    free(*log);
    *log = NULL;
}

uint64_t log_dropped(const struct log *log)
{
    return atomic_load(&log->dropped);
}
