// Which call the fault meets, and what it does to it; and the recording of calls.
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// What is written here goes by system call: it must not be counted.
static void append_to(const char *file, const struct iovec *pieces, int count)
{
    long fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)!syscall(SYS_writev, fd, pieces, count);
    syscall(SYS_close, fd);
}

static void trace(const struct fault_call *call)
{
    char line[2 * PATH_MAX + 64];
    const char *file = getenv("GREENROOM_FAULT_TRACE");
    if (!file)
        return;
    int length = snprintf(line, sizeof(line), "%ld %s %s%s%s\n", call->number, call->name,
                          call->path, *call->from ? " " : "", call->from);
    append_to(file, &(struct iovec) { line, (size_t)length }, 1);
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static enum fault_verdict meet_kill(const struct fault_call *call)
{
    (void)call;
    die();
    return FAULT_FAIL;
}

static enum fault_verdict meet_torn(const struct fault_call *call)
{
    if (call->kind == FAULT_WRITE && call->bytes)
        (void)!syscall(SYS_pwrite64, call->fd, call->bytes, call->length / 2, call->offset);
    die();
    return FAULT_FAIL;
}

static enum fault_verdict meet_full_disk(const struct fault_call *call)
{
    if (!call->takes_space)
        return FAULT_GO_ON;
    errno = ENOSPC;
    return FAULT_FAIL;
}

static enum fault_verdict meet_broken_disk(const struct fault_call *call)
{
    (void)call;
    errno = EIO;
    return FAULT_FAIL;
}

static enum fault_verdict meet_short(const struct fault_call *call)
{
    return call->kind == FAULT_WRITE && call->length > 1 ? FAULT_SHORT : FAULT_GO_ON;
}

static const struct {
    const char *word;
    bool lasts; // for all calls from the k-th on
    enum fault_verdict (*meet)(const struct fault_call *call);
} modes[] = {
    { "kill", false, meet_kill },       { "torn", false, meet_torn },
    { "enospc", true, meet_full_disk }, { "eio", false, meet_broken_disk },
    { "short", false, meet_short },
};

enum fault_verdict fault_meet(struct fault_call *call)
{
    static atomic_long count;
    int kept = errno;
    const char *at_text = getenv("GREENROOM_FAULT_AT");
    const char *mode = getenv("GREENROOM_FAULT_MODE");
    if (!call->is_inside)
        return FAULT_GO_ON;
    call->number = atomic_fetch_add(&count, 1) + 1;
    trace(call);
    errno = kept;
    long at = at_text ? strtol(at_text, NULL, 10) : 0;
    for (size_t i = 0; at > 0 && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(modes[i].word, mode ? mode : "kill") == 0 &&
            (call->number == at || (modes[i].lasts && call->number > at)))
            return modes[i].meet(call);
    return FAULT_GO_ON;
}

void fault_record_done(const struct fault_call *call, size_t length)
{
    const char *file = getenv("GREENROOM_FAULT_RECORD");
    int kept = errno;
    if (!file || !call->is_inside)
        return;
    struct fault_record record = {
        .kind = call->kind,
        .flags = (call->kind == FAULT_OPEN && call->takes_space ? FAULT_RECORD_CREATES : 0) |
                 (call->truncates ? FAULT_RECORD_TRUNCATES : 0),
        .number = (uint64_t)call->number,
        .offset = (uint64_t)call->offset,
        .length = length,
        .byte_count = call->kind == FAULT_WRITE ? length : 0,
        .path_bytes = (uint32_t)strlen(call->path),
        .from_bytes = (uint32_t)strlen(call->from),
    };
    const struct iovec pieces[] = {
        { &record, sizeof(record) },
        { (void *)call->path, record.path_bytes },
        { (void *)call->from, record.from_bytes },
        { (void *)call->bytes, record.byte_count },
    };
    append_to(file, pieces, 4);
    errno = kept;
}
