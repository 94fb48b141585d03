// Following what somebody works on.
#include "watching.h"

#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>

#include "archive/archive_reader.h"
#include "base/file.h"
#include "base/memory.h"
#include "present.h"
#include "present_draft.h"
#include "printable.h"

void watching_release(struct watching *watching)
{
    folder_watch_free(watching->watch);
    file_close(&watching->signals);
    *watching = WATCHING_NONE;
}

static void announce_json(void *context, const struct json *what)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    struct error unprintable;
    (void)context;
    if (json_print(&line, what, &unprintable) != STATUS_OK)
        return;
    puts(buffer_text(&line));
    fflush(stdout);
}

static void announce(void *context, const struct json *what)
{
    struct json *shown OWNED(json_release) = printable_copy(what);
    const struct json *error = json_get(shown, "error");
    (void)context;
    if (error)
        fprintf(stderr, "greenroom: %s\n  %s\n", present_text(error, "message"),
                present_text(error, "hint"));
    else
        present_draft_check(shown);
    fflush(stdout);
}

static enum status follow(void *context, struct operation_call *call, bool *out_goes_on,
                          struct error *err)
{
    struct watching *watching = context;
    *out_goes_on = false;
    TRY(folder_watch_wait(watching->watch, watching->signals, out_goes_on, err));
    if (!*out_goes_on)
        return STATUS_OK;
    return archive_reader_path(&call->content, &call->content_is_single, watching->path, err);
}

enum status watching_begin(struct watching *out, struct operation_call *call, const char *path,
                           bool wants_json, struct error *err)
{
    static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
    sigset_t signals;
    TRY(folder_watch_open(&out->watch, path, err));
    sigemptyset(&signals);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        sigaddset(&signals, ends[i]);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0 ||
        (out->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
        return error_errno(err, "cannot wait for", "signals");
    out->path = path;
    call->follow = follow;
    call->follow_context = out;
    call->announce = wants_json ? announce_json : announce;
    return STATUS_OK;
}
