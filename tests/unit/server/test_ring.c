// The ring: in order, bounded, and nothing lost or doubled among threads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>

#include "base/memory.h"
#include "ring.h"

#define THREADS 4
#define NOTES 5000 // of each thread

struct note {
    unsigned thread;
    unsigned number;
};

static struct ring *make(size_t places)
{
    struct ring *ring = NULL;
    struct error err = { 0 };
    assert_int_equal(ring_new(&ring, places, sizeof(struct note), &err), STATUS_OK);
    return ring;
}

static void test_ring__gives_back_in_order_and_drops_what_finds_no_room(void **state)
{
    (void)state;
    struct ring *ring OWNED(ring_release) = make(4);
    struct note out;
    assert_false(ring_take(ring, &out));
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 6; i++)
            assert_int_equal(ring_put(ring, &(struct note) { round, i }), i < 4);
        assert_int_equal(ring_dropped(ring), 2 * (round + 1));
        for (unsigned i = 0; i < 4; i++) {
            assert_true(ring_take(ring, &out));
            assert_int_equal(out.thread, round);
            assert_int_equal(out.number, i);
        }
        assert_false(ring_take(ring, &out));
    }
}

struct putting {
    struct ring *ring;
    unsigned thread;
};

static void *put_all(void *argument)
{
    struct putting *putting = argument;
    for (unsigned i = 0; i < NOTES; i++)
        while (!ring_put(putting->ring, &(struct note) { putting->thread, i }))
            sched_yield(); // the test wants each one through; a server would go on
    return NULL;
}

static void test_ring__loses_and_doubles_nothing_among_threads(void **state)
{
    (void)state;
    struct ring *ring OWNED(ring_release) = make(64);
    struct putting putting[THREADS];
    pthread_t threads[THREADS];
    unsigned next[THREADS] = { 0 };
    for (unsigned i = 0; i < THREADS; i++) {
        putting[i] = (struct putting) { ring, i };
        assert_int_equal(pthread_create(&threads[i], NULL, put_all, &putting[i]), 0);
    }
    for (unsigned taken = 0; taken < THREADS * NOTES;) {
        struct note note;
        if (!ring_take(ring, &note)) {
            sched_yield();
            continue;
        }
        assert_true(note.thread < THREADS);
        assert_int_equal(note.number, next[note.thread]); // each thread's own come in their order
        next[note.thread]++;
        taken++;
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct note none;
    assert_false(ring_take(ring, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring__gives_back_in_order_and_drops_what_finds_no_room),
        cmocka_unit_test(test_ring__loses_and_doubles_nothing_among_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
