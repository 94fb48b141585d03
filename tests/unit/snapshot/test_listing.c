// The live artifacts in order: listings that share what did not change.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "entry_fixture.h"
#include "snapshot/listing.h"

#define MANY 1500 // more than one chunk holds

static struct listing *apply(const struct listing *before, const struct entry_change *changes,
                             size_t count, struct retired_change *change)
{
    struct error err;
    struct listing *listing = NULL;
    assert_int_equal(listing_apply(&listing, before, changes, count, change, &err), STATUS_OK);
    return listing;
}

// All entries in order; answers how many.
static size_t collect(const struct listing *listing, struct entry **out, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < listing->chunk_count; i++) {
        const struct listing_chunk *chunk = listing->chunks[i];
        assert_in_range(chunk->count, 1, LISTING_CHUNK_ENTRIES);
        for (size_t at = 0; at < chunk->count; at++) {
            assert_true(count < room);
            out[count++] = chunk->entries[at];
        }
    }
    assert_int_equal(count, listing->count);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(out[i - 1]->key, out[i]->key) < 0);
    return count;
}

static struct listing *make_many(struct entry **entries)
{
    static struct entry_change changes[MANY];
    struct retired_change change = { { 0 }, { 0 } };
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof(name), "p%04d", 2 * i); // odd ones are free for later
        entries[i] = entry_fixture_new(name, 1, true);
        changes[i] = (struct entry_change) { NULL, entries[i] };
    }
    struct listing *listing = apply(NULL, changes, MANY, &change);
    retired_forget(&change.fresh);
    retired_forget(&change.stale);
    return listing;
}

static void free_many(struct entry **entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entry_fixture_free(entries[i]);
}

static void test_listing__keeps_the_order_of_names(void **state)
{
    (void)state;
    static struct entry *entries[MANY];
    static struct entry *listed[MANY];
    struct listing *listing = make_many(entries);
    assert_int_equal(collect(listing, listed, MANY), MANY);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(listed[i], entries[i]);
    assert_true(listing->chunk_count > 1);
    listing_free_all(listing);
    free_many(entries, MANY);
}

static void test_listing__puts_replaces_and_takes_out_in_place(void **state)
{
    (void)state;
    static struct entry *entries[MANY];
    static struct entry *listed[MANY + 3];
    struct listing *before = make_many(entries);
    struct entry *first = entry_fixture_new("a", 1, true);
    struct entry *between = entry_fixture_new("p0101", 1, true);
    struct entry *replaced = entry_fixture_new("p0200", 2, true);
    struct entry *dark = entry_fixture_new("p0301", 1, false);
    struct entry *last = entry_fixture_new("z", 1, true);
    struct entry_change changes[] = {
        { NULL, first }, { NULL, between },      { entries[100], replaced },
        { NULL, dark },  { entries[200], NULL }, { NULL, last }
    };
    struct retired_change change = { { 0 }, { 0 } };
    struct listing *after = apply(before, changes, COUNT_OF(changes), &change);
    assert_int_equal(collect(after, listed, MANY + 3), MANY + 2);
    assert_ptr_equal(listed[0], first);
    assert_ptr_equal(listed[MANY + 1], last);
    assert_ptr_equal(listed[1 + 51], between);
    assert_ptr_equal(listed[2 + 100], replaced);
    assert_ptr_equal(listed[2 + 200], entries[201]);
    assert_int_equal(collect(before, listed, MANY + 3), MANY); // as it was
    assert_ptr_equal(listed[100], entries[100]);
    retired_dispose(&change.stale);
    retired_forget(&change.fresh);
    listing_free_all(after);
    struct entry *more[] = { first, between, replaced, dark, last };
    free_many(more, COUNT_OF(more));
    free_many(entries, MANY);
}

static void test_listing__shares_the_chunks_that_no_change_falls_into(void **state)
{
    (void)state;
    static struct entry *entries[MANY];
    struct listing *before = make_many(entries);
    struct entry *last = entry_fixture_new("z", 1, true);
    struct entry_change changes[] = { { NULL, last } };
    struct retired_change change = { { 0 }, { 0 } };
    struct listing *after = apply(before, changes, 1, &change);
    for (size_t i = 0; i + 1 < before->chunk_count; i++)
        assert_ptr_equal(after->chunks[i], before->chunks[i]);
    assert_int_equal(change.stale.count, 2); // the last chunk and the listing
    retired_dispose(&change.fresh);          // given up: the one before is whole still
    retired_forget(&change.stale);
    static struct entry *listed[MANY];
    assert_int_equal(collect(before, listed, MANY), MANY);
    listing_free_all(before);
    entry_fixture_free(last);
    free_many(entries, MANY);
}

static void test_listing__can_become_empty_and_full_again(void **state)
{
    (void)state;
    struct entry *only = entry_fixture_new("only", 1, true);
    struct entry_change in = { NULL, only };
    struct entry_change out = { only, NULL };
    struct listing *listing = NULL;
    for (int round = 0; round < 3; round++) {
        struct retired_change change = { { 0 }, { 0 } };
        listing = apply(listing, round == 1 ? &out : &in, 1, &change);
        assert_int_equal(listing->count, round == 1 ? 0 : 1);
        assert_int_equal(listing->chunk_count, round == 1 ? 0 : 1);
        retired_forget(&change.fresh);
        retired_dispose(&change.stale);
    }
    listing_free_all(listing);
    entry_fixture_free(only);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listing__keeps_the_order_of_names),
        cmocka_unit_test(test_listing__puts_replaces_and_takes_out_in_place),
        cmocka_unit_test(test_listing__shares_the_chunks_that_no_change_falls_into),
        cmocka_unit_test(test_listing__can_become_empty_and_full_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
