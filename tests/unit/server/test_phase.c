// Who waits for what, and who has waited too long.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phase.h"

static const struct limits limits = { .idle_seconds = 60, .head_seconds = 10, .stall_seconds = 5 };

static void test_phase__cuts_off_whoever_waits_longest(void **state)
{
    (void)state;
    struct phase_lists lists = { 0 };
    struct phase_place first = { 0 };
    struct phase_place second = { 0 };
    phase_set_rules(&lists, &limits);
    phase_enter(&lists, &first, PHASE_HEAD, 1000);
    phase_enter(&lists, &second, PHASE_HEAD, 2000);
    assert_null(phase_next_overdue(&lists, PHASE_HEAD, 10999));
    assert_ptr_equal(phase_next_overdue(&lists, PHASE_HEAD, 11000), &first);
    phase_leave(&lists, &first);
    assert_null(phase_next_overdue(&lists, PHASE_HEAD, 11999));
    assert_ptr_equal(phase_next_overdue(&lists, PHASE_HEAD, 12000), &second);
    assert_int_equal(lists.lists[PHASE_HEAD].count, 1);
}

static void test_phase__begins_anew_with_each_phase(void **state)
{
    (void)state;
    struct phase_lists lists = { 0 };
    struct phase_place place = { 0 };
    phase_set_rules(&lists, &limits);
    phase_enter(&lists, &place, PHASE_IDLE, 0);
    phase_enter(&lists, &place, PHASE_HEAD, 59000);
    assert_null(phase_next_overdue(&lists, PHASE_IDLE, 100000));
    assert_null(phase_next_overdue(&lists, PHASE_HEAD, 60000));
    assert_ptr_equal(phase_next_overdue(&lists, PHASE_HEAD, 69000), &place);
    phase_enter(&lists, &place, PHASE_NONE, 69000);
    assert_null(phase_next_overdue(&lists, PHASE_HEAD, 1000000));
    assert_int_equal(lists.lists[PHASE_IDLE].count + lists.lists[PHASE_HEAD].count, 0);
}

static void test_phase__gives_more_time_to_who_moves(void **state)
{
    (void)state;
    struct phase_lists lists = { 0 };
    struct phase_place slow = { 0 };
    struct phase_place stuck = { 0 };
    phase_set_rules(&lists, &limits);
    phase_enter(&lists, &slow, PHASE_SEND, 0);
    phase_enter(&lists, &stuck, PHASE_SEND, 0);
    slow.moved_bytes = LIMITS_STALL_BYTES;
    stuck.moved_bytes = LIMITS_STALL_BYTES - 1;
    assert_ptr_equal(phase_next_overdue(&lists, PHASE_SEND, 5000), &stuck);
    phase_leave(&lists, &stuck);
    assert_null(phase_next_overdue(&lists, PHASE_SEND, 9999));
    assert_ptr_equal(phase_next_overdue(&lists, PHASE_SEND, 10000), &slow);
}

static void test_phase__keeps_its_lists_whole(void **state)
{
    (void)state;
    struct phase_lists lists = { 0 };
    struct phase_place places[5] = { 0 };
    phase_set_rules(&lists, &limits);
    for (int i = 0; i < 5; i++)
        phase_enter(&lists, &places[i], PHASE_IDLE, i);
    phase_leave(&lists, &places[2]);
    phase_leave(&lists, &places[0]);
    phase_enter(&lists, &places[4], PHASE_IDLE, 9);
    phase_enter(&lists, &places[1], PHASE_IDLE, 10);
    phase_leave(&lists, &places[2]);
    assert_ptr_equal(lists.lists[PHASE_IDLE].first, &places[3]);
    assert_ptr_equal(places[3].after, &places[4]);
    assert_ptr_equal(places[4].after, &places[1]);
    assert_ptr_equal(lists.lists[PHASE_IDLE].last, &places[1]);
    assert_ptr_equal(places[1].before, &places[4]);
    assert_int_equal(lists.lists[PHASE_IDLE].count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phase__cuts_off_whoever_waits_longest),
        cmocka_unit_test(test_phase__begins_anew_with_each_phase),
        cmocka_unit_test(test_phase__gives_more_time_to_who_moves),
        cmocka_unit_test(test_phase__keeps_its_lists_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
