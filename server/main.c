// The `greenroomd` server: arguments in, a server that runs until it is told to stop.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exit_code.h"
#include "log_record.h"
#include "options.h"
#include "server.h"
#include "supervisor.h"

static unsigned count_processors(void)
{
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof(processors), &processors) != 0)
        return 1;
    unsigned count = (unsigned)CPU_COUNT(&processors);
    return count < OPTIONS_MAX_THREADS ? count : OPTIONS_MAX_THREADS;
}

// From here on these signals wait for sigwait: every thread started later inherits that.
static void block_signals(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGTERM);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGHUP);
    pthread_sigmask(SIG_BLOCK, out, NULL);
}

// What is in force, after all that could be tried without serving went well.
static enum status print_settings(const struct options *options, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(options_print(&text, options, err));
    fputs(buffer_text(&text), stdout);
    return STATUS_OK;
}

// One event, for who starts us: the same form as the log has it, or as people are used to.
static void tell(FILE *stream, const struct options *options, const struct log_record *record)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    struct error unheard;
    if (options->log_format == LOG_TEXT)
        fprintf(stream, "greenroomd: %s\n", record->message);
    else if (log_record_print(&line, LOG_JSON, record, &unheard) == STATUS_OK)
        fputs(line.bytes, stream);
    fflush(stream);
}

static void announce(const struct options *options, const struct server *server)
{
    struct log_record record = { .time = clock_now(), .level = LOG_NOTE };
    snprintf(record.message, sizeof(record.message), "serving %s at %s://%s",
             server_environment_name(server), server_scheme(server), server_address(server));
    tell(stdout, options, &record);
}

static void complain(const struct options *options, const struct error *err)
{
    struct log_record record = { .time = clock_now(), .level = LOG_FAULT, .code = err->code };
    const char *before_hint = options->log_format == LOG_TEXT ? "\nhint: " : "; ";
    snprintf(record.message, sizeof(record.message), "%s%s%s", err->message,
             err->hint[0] ? before_hint : "", err->hint);
    tell(stderr, options, &record);
}

static enum status run(const struct options *options, struct error *err)
{
    struct supervisor supervisor OWNED(supervisor_close) = SUPERVISOR_NONE;
    struct server *server OWNED(server_release) = NULL;
    struct server_plan plan = { .environment_path = options->environment_path,
                                .listen = options->listen,
                                .threads = options->threads ? options->threads : count_processors(),
                                .states = options->states,
                                .limits = options->limits,
                                .tls = { options->tls_certificate, options->tls_key,
                                         options->tls_client_ca },
                                .log_format = (enum log_format)options->log_format,
                                .allows_plain_http = options->allows_plain_http,
                                .is_writable = options->is_writable,
                                .is_unconfined = options->is_unconfined,
                                .is_trial = options->wants_check,
                                .supervisor = &supervisor };
    sigset_t signals;
    int received;
    supervisor_open(&supervisor);
    // A signal ends a long load at once: there is nothing yet to finish.
    TRY(server_open(&server, &plan, err));
    if (options->wants_check)
        return print_settings(options, err);
    block_signals(&signals);
    TRY(server_start(server, err));
    announce(options, server);
    supervisor_tell(&supervisor, "READY=1");
    while (sigwait(&signals, &received) == 0 && received == SIGHUP)
        (void)server_reload(server, err); // said in the log; serving goes on either way
    supervisor_tell(&supervisor, "STOPPING=1");
    server_stop(server);
    return STATUS_OK;
}

int main(int argc, char *argv[])
{
    struct options options OWNED(options_release) = { 0 };
    struct error err;
    signal(SIGPIPE, SIG_IGN); // a reader of our output that is gone shows as a failed write
    enum status status = options_parse(&options, argc, argv, environ, &err);
    if (status == STATUS_OK && options.wants_help)
        fputs(options_help, stdout);
    else if (status == STATUS_OK && options.wants_version)
        puts("greenroomd " GREENROOM_VERSION);
    else if (status == STATUS_OK)
        status = run(&options, &err);
    if (status != STATUS_OK)
        complain(&options, &err);
    return exit_code_of(status);
}
