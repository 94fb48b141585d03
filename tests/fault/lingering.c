// How long a server goes on giving what was taken back: each request of a plan is sent again and
// again on a connection of its own, without a pause, until it is answered otherwise.
//
// lingering PORT PLAN: a line of the plan is "FILE WORD": FILE's bytes are the request, and an
// answer gives it as long as its content holds WORD or it is a 304; with "-" for WORD as long as it
// is anything but a 404. Says "ready" once each request was answered so; then, once each has been
// answered otherwise many times in a row, a line each: "FILE LAST ANSWERS", LAST being the moment
// (of the system's clock, in microseconds) at which the last such answer had arrived. The exit code
// is 1 when something came back after it was gone, or did not go in time.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_caller.h"

#define MAX_LINES 32
#define MAX_REQUEST 4096
#define GONE_IN_A_ROW 200
#define TIMEOUT_SECONDS 60

struct watch {
    pthread_t thread;
    int port;
    char file[256];
    char word[64];
    char request[MAX_REQUEST];
    size_t length;
    atomic_uint *waiting; // requests that were not answered with it yet
    long long last_us;
    unsigned answers;
    bool has_failed;
};

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool gives_it(const struct watch *watch, const struct caller *caller)
{
    if (strcmp(watch->word, "-") == 0)
        return caller->status != 404;
    return caller->status == 304 || caller_heard(caller, watch->word);
}

static void fail(struct watch *watch, const char *why, const struct caller *caller)
{
    fprintf(stderr, "lingering: %s %s: %d %.200s\n", watch->file, why, caller->status,
            caller->bytes ? caller->bytes : "");
    watch->has_failed = true;
}

static void *run(void *argument)
{
    struct watch *watch = argument;
    struct caller caller = CALLER_AT(watch->port);
    long long deadline_us = now_us() + (long long)TIMEOUT_SECONDS * 1000000;
    unsigned gone = 0;
    while (gone < GONE_IN_A_ROW && !watch->has_failed) {
        if (!caller_ask(&caller, watch->request, watch->length))
            fail(watch, "was not answered", &caller);
        bool gives = gives_it(watch, &caller);
        watch->answers++;
        if (gives && gone > 0)
            fail(watch, "came back", &caller);
        if (gives && watch->last_us == 0)
            atomic_fetch_sub(watch->waiting, 1);
        if (gives)
            watch->last_us = now_us();
        else if (watch->last_us > 0)
            gone++;
        if (now_us() > deadline_us)
            fail(watch, "did not go, or never came", &caller);
    }
    caller_free(&caller);
    return NULL;
}

static size_t read_plan(struct watch *watches, const char *path, int port, atomic_uint *waiting)
{
    size_t count = 0;
    FILE *plan = fopen(path, "r");
    while (plan && count < MAX_LINES) {
        struct watch *watch = &watches[count];
        if (fscanf(plan, "%255s %63s", watch->file, watch->word) != 2)
            break;
        FILE *file = fopen(watch->file, "r");
        watch->length = file ? fread(watch->request, 1, sizeof(watch->request), file) : 0;
        if (file)
            fclose(file);
        watch->port = port;
        watch->waiting = waiting;
        count++;
    }
    if (plan)
        fclose(plan);
    return count;
}

int main(int argc, char *argv[])
{
    static struct watch watches[MAX_LINES];
    static atomic_uint waiting;
    int code = 0;
    size_t count =
        argc == 3 ? read_plan(watches, argv[2], (int)strtol(argv[1], NULL, 10), &waiting) : 0;
    if (count == 0) {
        fprintf(stderr, "usage: lingering PORT PLAN\n");
        return 2;
    }
    atomic_store(&waiting, (unsigned)count);
    for (size_t i = 0; i < count; i++)
        if (pthread_create(&watches[i].thread, NULL, run, &watches[i]) != 0)
            return 2;
    for (long long began_us = now_us();
         atomic_load(&waiting) > 0 && now_us() - began_us < (long long)TIMEOUT_SECONDS * 1000000;)
        nanosleep(&(struct timespec) { .tv_nsec = 1000000 }, NULL);
    puts("ready");
    fflush(stdout);
    for (size_t i = 0; i < count; i++) {
        pthread_join(watches[i].thread, NULL);
        printf("%s %lld %u\n", watches[i].file, watches[i].last_us, watches[i].answers);
        code = watches[i].has_failed ? 1 : code;
    }
    return code;
}
