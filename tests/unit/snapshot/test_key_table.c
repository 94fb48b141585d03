// Keys by the digest of their token.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "snapshot/key_table.h"

#define MANY 300

static void free_table(struct key_table **table)
{
    key_table_free(*table);
}

static void test_key_table__finds_each_key_and_no_other(void **state)
{
    (void)state;
    static struct control_key keys[MANY];
    struct control control = { .keys = keys, .key_count = MANY };
    struct key_table *table OWNED(free_table) = NULL;
    struct error err;
    for (int i = 0; i < MANY; i++) {
        keys[i].digest.bytes[0] = (uint8_t)(i % 4); // many that begin their search in one place
        keys[i].digest.bytes[30] = (uint8_t)(i / 256);
        keys[i].digest.bytes[31] = (uint8_t)i;
    }
    assert_int_equal(key_table_new(&table, &control, &err), STATUS_OK);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(key_table_find(table, &keys[i].digest), &keys[i]);
    struct digest other = keys[0].digest;
    other.bytes[16] = 1;
    assert_null(key_table_find(table, &other));
}

static void test_key_table__may_be_empty(void **state)
{
    (void)state;
    struct control control = { .key_count = 0 };
    struct key_table *table OWNED(free_table) = NULL;
    struct digest digest = { { 1 } };
    struct error err;
    assert_int_equal(key_table_new(&table, &control, &err), STATUS_OK);
    assert_null(key_table_find(table, &digest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_table__finds_each_key_and_no_other),
        cmocka_unit_test(test_key_table__may_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
