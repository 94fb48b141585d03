// Constant mixed load on a server, one thread for each line of a plan:
//
//   ask RATE STATUSES FILE   sends FILE's bytes so many times a second on a kept connection, and
//                            expects one of the statuses ("200,304")
//   sip RATE STATUSES FILE   sends it, and reads the answer in small pieces, so many a second
//   drip RATE STATUSES FILE  sends it byte by byte, so many a second, until it is answered (408)
//
// load PORT PLAN TICKS: each second a line "TICK ANSWERS WRONG P50 P99 MAX" (microseconds, of the
// ask lines), TICKS of them. What was answered otherwise than expected is told on standard error,
// and the exit code is 1.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http_caller.h"

#define MAX_LINES 64
#define MAX_REQUEST 16384
#define BUCKETS 400 // each 5 % wider than the one before: from 1 us to 5 minutes
#define SIP_BYTES 2048

struct load {
    struct line *lines;
    size_t count;
    int port;
    atomic_bool is_over;
    atomic_uint answers;
    atomic_uint wrong;
    atomic_uint buckets[BUCKETS];
    atomic_llong max_us;
};

struct line {
    struct load *load;
    pthread_t thread;
    char kind[8];
    double rate;
    char statuses[64];
    char file[256];
    char request[MAX_REQUEST];
    size_t length;
};

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// Waits for the moment of the next turn; turns that were missed are not made up for.
static void wait_turn(struct line *line, long long *turn_us)
{
    long long now = now_us();
    *turn_us += (long long)(1e6 / line->rate);
    if (*turn_us < now)
        *turn_us = now;
    const struct timespec until = { *turn_us / 1000000, *turn_us % 1000000 * 1000 };
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static void note(struct line *line, const struct caller *caller)
{
    char status[8];
    snprintf(status, sizeof(status), "%d", caller->status);
    atomic_fetch_add(&line->load->answers, 1);
    if (strstr(line->statuses, status))
        return;
    atomic_fetch_add(&line->load->wrong, 1);
    fprintf(stderr, "load: %s answered %s: %.*s\n", line->file, status, (int)caller->length,
            caller->bytes ? caller->bytes : "");
}

static void note_time(struct load *load, long long took_us)
{
    unsigned bucket = 0;
    for (double edge = 1; edge < (double)took_us && bucket < BUCKETS - 1; edge *= 1.05)
        bucket++;
    atomic_fetch_add(&load->buckets[bucket], 1);
    long long max = atomic_load(&load->max_us);
    while (took_us > max && !atomic_compare_exchange_weak(&load->max_us, &max, took_us))
        continue;
}

static void ask(struct line *line, struct caller *caller, long long *turn_us)
{
    wait_turn(line, turn_us);
    long long began = now_us();
    (void)caller_ask(caller, line->request, line->length);
    note_time(line->load, now_us() - began);
    note(line, caller);
}

// Reads the answer as somebody behind a thin line does. Only its first piece is looked at.
static void sip(struct line *line, struct caller *caller, long long *turn_us)
{
    char piece[SIP_BYTES];
    char first[SIP_BYTES + 1] = "";
    ssize_t got;
    caller_connect(caller);
    caller->status = 0;
    if (!caller_send(caller, line->request, line->length))
        return;
    while (!atomic_load(&line->load->is_over) &&
           (got = recv(caller->fd, piece, sizeof(piece), 0)) > 0) {
        if (!first[0]) {
            memcpy(first, piece, (size_t)got);
            (void)sscanf(first, "HTTP/1.1 %d ", &caller->status);
        }
        wait_turn(line, turn_us);
    }
    caller->length = 0;
    if (caller->status != 0)
        note(line, caller);
    caller_hang_up(caller);
}

static void drip(struct line *line, struct caller *caller, long long *turn_us)
{
    caller_connect(caller);
    for (size_t i = 0; i < line->length && !atomic_load(&line->load->is_over); i++) {
        wait_turn(line, turn_us);
        if (!caller_send(caller, line->request + i, 1) ||
            recv(caller->fd, &(char) { 0 }, 1, MSG_PEEK | MSG_DONTWAIT) >= 0)
            break;
    }
    if (!atomic_load(&line->load->is_over) && caller_listen(caller))
        note(line, caller);
    caller_hang_up(caller);
}

static void *run(void *argument)
{
    static const struct {
        const char *kind;
        void (*turn)(struct line *, struct caller *, long long *);
    } kinds[] = { { "ask", ask }, { "sip", sip }, { "drip", drip } };
    struct line *line = argument;
    struct caller caller = CALLER_AT(line->load->port);
    long long turn_us = now_us();
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        while (strcmp(line->kind, kinds[i].kind) == 0 && !atomic_load(&line->load->is_over))
            kinds[i].turn(line, &caller, &turn_us);
    caller_free(&caller);
    return NULL;
}

static long long percentile(const unsigned *counts, unsigned total, unsigned percent)
{
    unsigned seen = 0;
    double edge = 1;
    for (unsigned i = 0; i < BUCKETS; i++, edge *= 1.05) {
        seen += counts[i];
        if (seen > 0 && seen * 100ULL >= (unsigned long long)total * percent)
            return (long long)edge;
    }
    return 0;
}

static void tell(struct load *load, unsigned long tick)
{
    unsigned counts[BUCKETS];
    unsigned total = 0;
    for (unsigned i = 0; i < BUCKETS; i++)
        total += counts[i] = atomic_exchange(&load->buckets[i], 0);
    printf("%lu %u %u %lld %lld %lld\n", tick, atomic_exchange(&load->answers, 0),
           atomic_load(&load->wrong), percentile(counts, total, 50), percentile(counts, total, 99),
           atomic_exchange(&load->max_us, 0));
    fflush(stdout);
}

static void read_request(struct line *line)
{
    FILE *file = fopen(line->file, "r");
    line->length = file ? fread(line->request, 1, sizeof(line->request), file) : 0;
    if (file)
        fclose(file);
    if (line->length == 0) {
        fprintf(stderr, "load: %s: no request\n", line->file);
        exit(2);
    }
}

static void read_plan(struct load *load, const char *path)
{
    FILE *plan = fopen(path, "r");
    load->lines = calloc(MAX_LINES, sizeof(*load->lines));
    if (!plan || !load->lines) {
        perror("load: plan");
        exit(2);
    }
    for (struct line *line = load->lines; load->count < MAX_LINES; line++, load->count++) {
        line->load = load;
        if (fscanf(plan, "%7s %lf %63s %255s", line->kind, &line->rate, line->statuses,
                   line->file) != 4)
            break;
        read_request(line);
    }
    fclose(plan);
}

int main(int argc, char *argv[])
{
    static struct load load;
    if (argc != 4) {
        fprintf(stderr, "usage: load PORT PLAN TICKS\n");
        return 2;
    }
    load.port = (int)strtol(argv[1], NULL, 10);
    read_plan(&load, argv[2]);
    for (size_t i = 0; i < load.count; i++)
        if (pthread_create(&load.lines[i].thread, NULL, run, &load.lines[i]) != 0)
            return 2;
    struct line clock = { .load = &load, .rate = 1 };
    long long turn_us = now_us();
    for (unsigned long tick = 1; tick <= strtoul(argv[3], NULL, 10); tick++) {
        wait_turn(&clock, &turn_us);
        tell(&load, tick);
    }
    atomic_store(&load.is_over, true);
    for (size_t i = 0; i < load.count; i++)
        pthread_join(load.lines[i].thread, NULL);
    free(load.lines);
    return atomic_load(&load.wrong) == 0 ? 0 : 1;
}
