// One artifact in one state: the live release, and the others by version.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "entry_fixture.h"

static struct entry *make(struct snapshot_release *releases, const uint32_t *versions, size_t count,
                          uint32_t live)
{
    struct error err;
    struct entry *entry = NULL;
    struct snapshot_release *list[8];
    struct artifact_id id = { .kind = KIND_TOOL, .name = "crm/log-outcome" };
    for (size_t i = 0; i < count; i++) {
        releases[i].id = id;
        releases[i].id.version = versions[i];
        list[i] = &releases[i];
    }
    assert_int_equal(entry_new(&entry, &id, list, count, live, &err), STATUS_OK);
    return entry;
}

static void test_entry__finds_releases_by_version_in_whatever_order_they_came(void **state)
{
    (void)state;
    static const uint32_t versions[] = { 7, 2, 4294967295U, 5, 1 };
    struct snapshot_release releases[5] = { 0 };
    struct entry *entry = make(releases, versions, 5, 5);
    for (size_t i = 0; i < 5; i++)
        assert_ptr_equal(entry_find(entry, versions[i]), &releases[i]);
    assert_ptr_equal(entry_find(entry, 0), &releases[3]);
    assert_null(entry_find(entry, 3));
    assert_null(entry_find(entry, 8));
    free(entry);
}

static void test_entry__has_nothing_live_when_the_live_release_is_not_among_them(void **state)
{
    (void)state;
    static const uint32_t versions[] = { 1, 2 };
    struct snapshot_release releases[2] = { 0 };
    struct entry *entry = make(releases, versions, 2, 3);
    assert_null(entry_find(entry, 0));
    assert_null(entry->live);
    assert_int_equal(entry->item_bytes, 0);
    assert_ptr_equal(entry_find(entry, 2), &releases[1]);
    free(entry);
}

static void test_entry__carries_its_item_of_the_live_list(void **state)
{
    (void)state;
    static const uint32_t versions[] = { 3 };
    struct snapshot_release releases[1] = { 0 };
    struct json *item OWNED(json_release) = NULL;
    struct error err;
    struct entry *entry = make(releases, versions, 1, 3);
    assert_string_equal(entry->key, "tool/crm/log-outcome");
    assert_string_equal(entry->name, "crm/log-outcome");
    assert_int_equal(json_parse(&item, entry->item, entry->item_bytes, &err), STATUS_OK);
    assert_string_equal(json_get_string(item, "artifact", ""), "tool/crm/log-outcome");
    assert_int_equal(json_get_integer(item, "version", 0), 3);
    assert_int_equal(strlen(json_get_string(item, "digest", "")), DIGEST_TEXT_BYTES - 1);
    free(entry);
}

static void test_entry__hash_tells_kinds_and_lengths_apart(void **state)
{
    (void)state;
    uint64_t hash = entry_hash(KIND_PROMPT, "outbound/greeting", 17);
    assert_int_equal(hash, entry_hash(KIND_PROMPT, "outbound/greeting/x", 17));
    assert_int_not_equal(hash, entry_hash(KIND_TOOL, "outbound/greeting", 17));
    assert_int_not_equal(hash, entry_hash(KIND_PROMPT, "outbound/greeting", 16));
    assert_int_not_equal(entry_hash(KIND_PROMPT, "a\0", 2), entry_hash(KIND_PROMPT, "a", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entry__finds_releases_by_version_in_whatever_order_they_came),
        cmocka_unit_test(test_entry__has_nothing_live_when_the_live_release_is_not_among_them),
        cmocka_unit_test(test_entry__carries_its_item_of_the_live_list),
        cmocka_unit_test(test_entry__hash_tells_kinds_and_lengths_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
