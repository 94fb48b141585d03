// The log: lines that nobody can forge, and nobody who waits for a reader.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "log.h"

static void read_all(int fd, struct buffer *out)
{
    char bytes[4096];
    ssize_t got;
    while ((got = read(fd, bytes, sizeof(bytes))) > 0)
        buffer_append(out, bytes, (size_t)got);
}

static void test_log__writes_what_waits_before_it_ends(void **state)
{
    (void)state;
    struct log *log = NULL;
    struct error err;
    struct buffer text OWNED(buffer_release) = { 0 };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(log_open(&log, ends[1], LOG_TEXT, &err), STATUS_OK);
    log_line(log, LOG_NOTE, "before %s", "the thread");
    assert_int_equal(log_start(log, &err), STATUS_OK);
    log_line(log, LOG_FAULT, "a\nb\x1b[0m");
    log_release(&log);
    close(ends[1]);
    read_all(ends[0], &text);
    close(ends[0]);
    assert_non_null(strstr(buffer_text(&text), " note: before the thread\n"));
    assert_non_null(strstr(buffer_text(&text), " fault: a?b?[0m\n"));
}

static void test_log__cuts_long_lines(void **state)
{
    (void)state;
    struct log *log = NULL;
    struct error err;
    struct buffer text OWNED(buffer_release) = { 0 };
    char name[2 * LOG_LINE_BYTES];
    int ends[2];
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(log_open(&log, ends[1], LOG_TEXT, &err), STATUS_OK);
    assert_int_equal(log_start(log, &err), STATUS_OK);
    log_line(log, LOG_WARNING, "%s", name);
    log_release(&log);
    close(ends[1]);
    read_all(ends[0], &text);
    close(ends[0]);
    assert_int_equal(text.length, LOG_LINE_BYTES - 1);
    assert_int_equal(text.bytes[text.length - 1], '\n');
}

static void fill(int fd)
{
    static const char zeros[4096];
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (write(fd, zeros, sizeof(zeros)) > 0)
        continue;
    assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
}

static void test_log__drops_and_counts_what_nobody_reads(void **state)
{
    (void)state;
    struct log *log = NULL;
    struct error err;
    const unsigned lines = 2 * LOG_QUEUE_LINES;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fill(ends[1]);
    assert_int_equal(log_open(&log, ends[1], LOG_TEXT, &err), STATUS_OK);
    assert_int_equal(log_start(log, &err), STATUS_OK);
    for (unsigned i = 0; i < lines; i++)
        log_line(log, LOG_NOTE, "line %u", i);
    // One more than the queue holds may be in the writer's hands.
    assert_in_range(log_dropped(log), lines - LOG_QUEUE_LINES - 1, lines - LOG_QUEUE_LINES);
    assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0); // others' description is as it was
    log_release(&log);                                         // gives up after LOG_STOP_MS
    close(ends[0]);
    close(ends[1]);
}

static void test_log__says_how_many_lines_were_lost(void **state)
{
    (void)state;
    struct log *log = NULL;
    struct error err;
    struct buffer text OWNED(buffer_release) = { 0 };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(log_open(&log, ends[1], LOG_TEXT, &err), STATUS_OK);
    for (unsigned i = 0; i < LOG_QUEUE_LINES + 7;
         i++) // before the thread: the queue fills for sure
        log_line(log, LOG_NOTE, "line");
    assert_int_equal(log_dropped(log), 7);
    assert_int_equal(log_start(log, &err), STATUS_OK);
    log_release(&log);
    close(ends[1]);
    read_all(ends[0], &text);
    close(ends[0]);
    assert_non_null(strstr(buffer_text(&text), " warning: 7 lines of the log were lost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log__writes_what_waits_before_it_ends),
        cmocka_unit_test(test_log__cuts_long_lines),
        cmocka_unit_test(test_log__drops_and_counts_what_nobody_reads),
        cmocka_unit_test(test_log__says_how_many_lines_were_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
