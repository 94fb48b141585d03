// Ownership: cleanup on every path, handing over, checked allocation.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct counted {
    int *releases;
};

static void counted_release(struct counted *counted)
{
    if (counted->releases)
        (*counted->releases)++;
}

static enum status leave_early(int *releases, enum status status)
{
    struct counted counted OWNED(counted_release) = { releases };
    (void)counted;
    TRY(status);
    return STATUS_OK;
}

static void test_memory__owned_is_released_once_on_each_path(void **state)
{
    (void)state;
    int releases = 0;
    leave_early(&releases, STATUS_IO);
    assert_int_equal(releases, 1);
    leave_early(&releases, STATUS_OK);
    assert_int_equal(releases, 2);
}

static void test_memory__move_hands_over_and_leaves_null(void **state)
{
    (void)state;
    struct error err = { 0 };
    char *kept = NULL;
    {
        char *text OWNED(memory_release) = NULL;
        assert_int_equal(memory_copy_string(&text, "kept", &err), STATUS_OK);
        kept = MOVE(text);
        assert_null(text);
    }
    assert_string_equal(kept, "kept");
    memory_release(&kept);
    assert_null(kept);
}

static void test_memory__large_is_as_large_as_asked(void **state)
{
    (void)state;
    struct error err = { 0 };
    static const size_t sizes[] = { 0, 1, (2U << 20) - 1, 2U << 20, (5U << 20) + 1 };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char *memory OWNED(memory_release) = NULL;
        assert_int_equal(memory_new_large(&memory, sizes[i], &err), STATUS_OK);
        assert_non_null(memory);
        memset(memory, 'x', sizes[i]);
    }
}

static void test_memory__new_is_zeroed_and_never_null(void **state)
{
    (void)state;
    struct error err = { 0 };
    uint64_t *items = NULL;
    assert_int_equal(memory_new(&items, 100, sizeof(*items), &err), STATUS_OK);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(items[i], 0);
    memory_release(&items);
    assert_int_equal(memory_new(&items, 0, sizeof(*items), &err), STATUS_OK);
    assert_non_null(items);
    memory_release(&items);
}

static void test_memory__copies_bytes_with_a_nul_behind(void **state)
{
    (void)state;
    struct error err = { 0 };
    char *copy = NULL;
    assert_int_equal(memory_copy_bytes(&copy, "a\0bXX", 3, &err), STATUS_OK);
    assert_memory_equal(copy, "a\0b\0", 4);
    memory_release(&copy);
    assert_int_equal(memory_copy_bytes(&copy, NULL, 0, &err), STATUS_OK);
    assert_string_equal(copy, "");
    memory_release(&copy);
}

static void test_memory__refuses_a_length_that_cannot_be(void **state)
{
    (void)state;
    struct error err = { 0 };
    char *copy = NULL;
    volatile size_t all = SIZE_MAX;
    assert_int_equal(memory_copy_bytes(&copy, "", all, &err), STATUS_NO_MEMORY);
    assert_null(copy);
}

static void test_memory__grows_by_doubling_and_keeps_items(void **state)
{
    (void)state;
    struct error err = { 0 };
    int *items = NULL;
    size_t count = 0;
    size_t capacity = 0;
    int growths = 0;
    for (int i = 0; i < 1000; i++) {
        size_t before = capacity;
        assert_int_equal(memory_grow(&items, count, &capacity, sizeof(*items), &err), STATUS_OK);
        growths += capacity != before;
        assert_true(capacity > count);
        items[count++] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_true(growths <= 8);
    free(items);
}

static void test_memory__refuses_to_grow_past_what_can_be_addressed(void **state)
{
    (void)state;
    struct error err = { 0 };
    char untouched = 'u';
    char *items = &untouched;
    size_t capacity = SIZE_MAX / 4;
    assert_int_equal(memory_grow(&items, capacity, &capacity, 8, &err), STATUS_NO_MEMORY);
    assert_ptr_equal(items, &untouched);
    assert_int_equal(capacity, SIZE_MAX / 4);
}

static void test_memory__counts_an_arrays_items(void **state)
{
    (void)state;
    int numbers[7];
    assert_int_equal(COUNT_OF(numbers), 7);
}

static void test_memory__compares_to_the_last_byte(void **state)
{
    (void)state;
    static const char text[] = "gr_live_0123456789ab_and what follows it";
    for (size_t length = 0; length < sizeof(text); length++)
        for (size_t i = 0; i < sizeof(text); i++) {
            char other[sizeof(text)];
            memcpy(other, text, sizeof(text));
            other[i] ^= 0x40;
            assert_int_equal(memory_equal(text, other, length), i >= length);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory__owned_is_released_once_on_each_path),
        cmocka_unit_test(test_memory__move_hands_over_and_leaves_null),
        cmocka_unit_test(test_memory__large_is_as_large_as_asked),
        cmocka_unit_test(test_memory__new_is_zeroed_and_never_null),
        cmocka_unit_test(test_memory__copies_bytes_with_a_nul_behind),
        cmocka_unit_test(test_memory__refuses_a_length_that_cannot_be),
        cmocka_unit_test(test_memory__grows_by_doubling_and_keeps_items),
        cmocka_unit_test(test_memory__refuses_to_grow_past_what_can_be_addressed),
        cmocka_unit_test(test_memory__counts_an_arrays_items),
        cmocka_unit_test(test_memory__compares_to_the_last_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
