// From an artifact to its entry: tables that share what did not change.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "entry_fixture.h"
#include "snapshot/table.h"

#define MANY 2000

static struct table *apply(const struct table *before, const struct entry_change *changes,
                           size_t count, uint64_t serial, struct retired_change *change)
{
    struct error err;
    struct table *table = NULL;
    assert_int_equal(table_apply(&table, before, changes, count, serial, change, &err), STATUS_OK);
    return table;
}

static struct entry *find(const struct table *table, const char *name)
{
    return table_find(table, KIND_PROMPT, name, strlen(name));
}

static void give_names(char names[MANY][16])
{
    for (int i = 0; i < MANY; i++)
        snprintf(names[i], 16, "p%d/x", i);
}

// A table of MANY entries, made at once.
static struct table *make_many(struct entry **entries, char names[MANY][16])
{
    static struct entry_change changes[MANY];
    struct retired_change change = { { 0 }, { 0 } };
    give_names(names);
    for (int i = 0; i < MANY; i++) {
        entries[i] = entry_fixture_new(names[i], 1, true);
        changes[i] = (struct entry_change) { NULL, entries[i] };
    }
    struct table *table = apply(NULL, changes, MANY, 1, &change);
    retired_forget(&change.fresh);
    assert_int_equal(change.stale.count, 0);
    return table;
}

static void test_table__finds_what_was_put_in_and_nothing_else(void **state)
{
    (void)state;
    static char names[MANY][16];
    static struct entry *entries[MANY];
    struct table *table = make_many(entries, names);
    assert_int_equal(table->count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(find(table, names[i]), entries[i]);
    assert_null(find(table, "p0"));
    assert_null(find(table, "p0/xx"));
    assert_null(find(table, ""));
    assert_null(table_find(table, KIND_TOOL, "p0/x", 4));
    assert_null(table_find(table, KIND_PROMPT, "p0/x", 3));
    table_free_all(table, entry_fixture_free);
}

static void test_table__leaves_the_one_before_as_it_was(void **state)
{
    (void)state;
    static char names[MANY][16];
    static struct entry *entries[MANY];
    struct table *before = make_many(entries, names);
    struct entry *replaced = entry_fixture_new(names[7], 2, true);
    struct entry *added = entry_fixture_new("added", 1, true);
    struct entry_change changes[] = { { entries[7], replaced },
                                      { NULL, added },
                                      { entries[9], NULL } };
    struct retired_change change = { { 0 }, { 0 } };
    struct table *after = apply(before, changes, COUNT_OF(changes), 2, &change);
    assert_ptr_equal(find(before, names[7]), entries[7]);
    assert_ptr_equal(find(before, names[9]), entries[9]);
    assert_null(find(before, "added"));
    assert_ptr_equal(find(after, names[7]), replaced);
    assert_null(find(after, names[9]));
    assert_ptr_equal(find(after, "added"), added);
    assert_ptr_equal(find(after, names[8]), entries[8]);
    assert_int_equal(after->count, MANY);
    assert_true(change.stale.count <= 4); // three buckets and the directory
    retired_dispose(&change.stale);
    assert_ptr_equal(find(after, names[8]), entries[8]);
    retired_forget(&change.fresh);
    table_free_all(after, entry_fixture_free);
    entry_fixture_free(entries[7]);
    entry_fixture_free(entries[9]);
}

static void test_table__given_up_leaves_nothing_behind(void **state)
{
    (void)state;
    static char names[MANY][16];
    static struct entry *entries[MANY];
    struct table *before = make_many(entries, names);
    struct entry *added = entry_fixture_new("added", 1, true);
    struct entry_change change_added = { NULL, added };
    struct retired_change change = { { 0 }, { 0 } };
    apply(before, &change_added, 1, 2, &change);
    retired_dispose(&change.fresh); // leaks and double frees show under the sanitizers
    retired_forget(&change.stale);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(find(before, names[i]), entries[i]);
    entry_fixture_free(added);
    table_free_all(before, entry_fixture_free);
}

static void test_table__grows_one_entry_at_a_time(void **state)
{
    (void)state;
    static char names[MANY][16];
    static struct entry *entries[MANY];
    struct table *table = NULL;
    give_names(names);
    for (int i = 0; i < MANY; i++) {
        struct retired_change change = { { 0 }, { 0 } };
        entries[i] = entry_fixture_new(names[i], 1, true);
        struct entry_change added = { NULL, entries[i] };
        table = apply(table, &added, 1, (uint64_t)i + 1, &change);
        retired_forget(&change.fresh);
        retired_dispose(&change.stale);
    }
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(find(table, names[i]), entries[i]);
    table_free_all(table, entry_fixture_free);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table__finds_what_was_put_in_and_nothing_else),
        cmocka_unit_test(test_table__leaves_the_one_before_as_it_was),
        cmocka_unit_test(test_table__given_up_leaves_nothing_behind),
        cmocka_unit_test(test_table__grows_one_entry_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
