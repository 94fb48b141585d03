// Writes what the server saw into the environment's ledger.
#include "journal.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "log.h"

struct journal {
    char *ledger_path;
    struct journal_sink sinks[JOURNAL_MAX_SINKS];
    size_t count;
    struct log *log;
    atomic_bool is_behind;
    pthread_t thread;
    bool is_started;
    int stop_fd;
    char last_fault[ERROR_MESSAGE_BYTES]; // so that one cause is logged once; "": all was well
};

static void gather(struct journal *journal)
{
    _Alignas(max_align_t) unsigned char note[JOURNAL_MAX_NOTE_BYTES];
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_sink *sink = &journal->sinks[i];
        while (ring_take(sink->ring, note))
            sink->take(sink->context, note);
    }
}

static bool find_due(const struct journal *journal, bool is_last, bool due[JOURNAL_MAX_SINKS])
{
    bool any = false;
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_sink *sink = &journal->sinks[i];
        due[i] = sink->is_due(sink->context, clock_now(), is_last);
        any = any || due[i];
    }
    return any;
}

static enum status write_due(const struct journal *journal, const bool due[JOURNAL_MAX_SINKS],
                             struct ledger *ledger, struct error *err)
{
    TRY(ledger_begin(ledger, err));
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_sink *sink = &journal->sinks[i];
        if (due[i] && sink->write(sink->context, ledger, err) != STATUS_OK) {
            ledger_rollback(ledger);
            return err->status;
        }
    }
    return ledger_commit(ledger, err);
}

static enum status write_all(const struct journal *journal, const bool due[JOURNAL_MAX_SINKS],
                             struct error *err)
{
    struct ledger *ledger OWNED(ledger_release) = NULL;
    TRY(ledger_open_patient(&ledger, journal->ledger_path, JOURNAL_PATIENCE_MS, err));
    TRY(write_due(journal, due, ledger, err));
    for (size_t i = 0; i < journal->count; i++)
        if (due[i])
            journal->sinks[i].written(journal->sinks[i].context);
    return STATUS_OK;
}

static void report(struct journal *journal, const struct error *err)
{
    if (strcmp(journal->last_fault, err->message) == 0)
        return;
    memcpy(journal->last_fault, err->message, sizeof(journal->last_fault));
    log_line(journal->log, LOG_WARNING, "refusals are not in the audit yet: %s%s%s", err->message,
             err->hint[0] ? "; " : "", err->hint);
}

static void work(struct journal *journal, bool is_last)
{
    bool due[JOURNAL_MAX_SINKS];
    struct error err = { 0 };
    gather(journal);
    if (!find_due(journal, is_last, due))
        return;
    bool is_behind = write_all(journal, due, &err) != STATUS_OK;
    atomic_store(&journal->is_behind, is_behind);
    if (is_behind)
        report(journal, &err);
    else
        journal->last_fault[0] = '\0';
}

static void *run(void *argument)
{
    struct journal *journal = argument;
    struct pollfd stop = { .fd = journal->stop_fd, .events = POLLIN };
    while (!stop.revents) {
        poll(&stop, 1, JOURNAL_INTERVAL_MS);
        work(journal, stop.revents != 0);
    }
    return NULL;
}

enum status journal_start(struct journal **out, const char *environment_path,
                          const struct journal_sink *sinks, size_t count, struct log *log,
                          struct error *err)
{
    struct journal *journal OWNED(journal_release) = NULL;
    TRY(memory_new(&journal, 1, sizeof(*journal), err));
    journal->log = log;
    journal->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (journal->stop_fd < 0)
        return error_errno(err, "cannot make", "an eventfd");
    TRY(file_join(&journal->ledger_path, environment_path, "ledger.db", err));
    for (; journal->count < count && journal->count < JOURNAL_MAX_SINKS; journal->count++)
        journal->sinks[journal->count] = sinks[journal->count];
    if (pthread_create(&journal->thread, NULL, run, journal) != 0)
        return error_set(err, STATUS_IO, "thread", "cannot start the journal's thread");
    journal->is_started = true;
    *out = MOVE(journal);
    return STATUS_OK;
}

bool journal_is_behind(const struct journal *journal)
{
    return atomic_load(&journal->is_behind);
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->is_started) {
        (void)eventfd_write(journal->stop_fd, 1);
        pthread_join(journal->thread, NULL);
    }
    file_close(&journal->stop_fd);
    free(journal->ledger_path);
    free(journal);
}

void journal_release(struct journal **journal)
{
    journal_free(*journal);
    *journal = NULL;
}
