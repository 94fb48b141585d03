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

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#define LOOK_MS 100 // how often the thread looks whether it is to stop while nobody reads

struct log {
    int fd;
    pthread_t thread;
    bool is_started;
    _Atomic uint64_t dropped;
    atomic_bool is_stopping;
    pthread_mutex_t lock; // over the queue
    pthread_cond_t changed;
    unsigned first;
    unsigned count;
    char lines[LOG_QUEUE_LINES][LOG_LINE_BYTES]; // each ends with a newline and a NUL
};

static const char *const level_words[] = {
    [LOG_NOTE] = "note",
    [LOG_WARNING] = "warning",
    [LOG_FAULT] = "fault",
};

static void print_begin(char line[LOG_LINE_BYTES], enum log_level level)
{
    char time[CLOCK_TEXT_BYTES];
    clock_format(clock_now(), time);
    snprintf(line, LOG_LINE_BYTES, "%s %s: ", time, level_words[level]);
}

// A name in a message must not forge a line of its own.
static void finish(char line[LOG_LINE_BYTES])
{
    for (char *at = line; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    size_t length = strlen(line);
    line[length] = '\n';
    line[length + 1] = '\0';
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
    char line[LOG_LINE_BYTES];
    va_list arguments;
    print_begin(line, level);
    size_t length = strlen(line);
    va_start(arguments, format);
    vsnprintf(line + length, sizeof(line) - length - 1, format, arguments);
    va_end(arguments);
    finish(line);
    pthread_mutex_lock(&log->lock);
    if (log->count == LOG_QUEUE_LINES) {
        atomic_fetch_add(&log->dropped, 1);
    } else {
        memcpy(log->lines[(log->first + log->count) % LOG_QUEUE_LINES], line, strlen(line) + 1);
        log->count++;
        pthread_cond_signal(&log->changed);
    }
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
static bool write_line(struct log *log, const char *line, int64_t *deadline_ms)
{
    size_t length = strlen(line);
    while (length > 0) {
        if (!wait_for_reader(log, deadline_ms))
            return false;
        ssize_t written = write(log->fd, line, length);
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (written > 0) {
            line += written;
            length -= (size_t)written;
        }
    }
    return true;
}

// Takes the first line off the queue; false when the log is to stop and none is left.
static bool take_line(struct log *log, char line[LOG_LINE_BYTES])
{
    pthread_mutex_lock(&log->lock);
    while (log->count == 0 && !atomic_load(&log->is_stopping))
        pthread_cond_wait(&log->changed, &log->lock);
    bool has_line = log->count > 0;
    if (has_line) {
        memcpy(line, log->lines[log->first], LOG_LINE_BYTES);
        log->first = (log->first + 1) % LOG_QUEUE_LINES;
        log->count--;
    }
    pthread_mutex_unlock(&log->lock);
    return has_line;
}

static void *run(void *argument)
{
    struct log *log = argument;
    char line[LOG_LINE_BYTES];
    int64_t deadline_ms = 0;
    uint64_t told = 0;
    while (take_line(log, line)) {
        if (!write_line(log, line, &deadline_ms))
            atomic_fetch_add(&log->dropped, 1); // there is nowhere else to say so
        uint64_t dropped = atomic_load(&log->dropped);
        if (dropped == told)
            continue;
        print_begin(line, LOG_WARNING);
        size_t length = strlen(line);
        snprintf(line + length, sizeof(line) - length - 1,
                 "%llu lines of the log were lost: nobody read it",
                 (unsigned long long)(dropped - told));
        finish(line);
        if (write_line(log, line, &deadline_ms))
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

enum status log_open(struct log **out, int fd, struct error *err)
{
    TRY(memory_new(out, 1, sizeof(**out), err));
    pthread_mutex_init(&(*out)->lock, NULL);
    pthread_cond_init(&(*out)->changed, NULL);
    (*out)->fd = open_again(fd);
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
