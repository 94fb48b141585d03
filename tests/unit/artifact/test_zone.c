// Trust zones: what belongs to whom, and values that do and do not point at it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/zone.h"
#include "base/memory.h"

static void test_zone__covers_what_an_entry_means(void **state)
{
    static const struct {
        enum zone_kind kind;
        const char *entry;
        const char *value;
        bool covers;
    } cases[] = {
        { ZONE_HOST, "crm.example.com", "https://CRM.example.com/x", true },
        { ZONE_HOST, "CRM.example.com", "crm.example.com", true },
        { ZONE_HOST, "crm.example.com", "https://crm.example.com.evil.io/", false },
        { ZONE_HOST, "crm.example.com", "https://a.io/?to=crm.example.com", false },
        { ZONE_HOST, "*.example.com", "https://crm.example.com", true },
        { ZONE_HOST, "*.example.com", "https://example.com", false },
        { ZONE_NUMBER, "+1 202 555 0100", "tel:+12025550100", true },
        { ZONE_NUMBER, "+1202555*", "+1 (202) 555-0199", true },
        { ZONE_NUMBER, "+1202555*", "+1 (203) 555-0199", false },
        { ZONE_CRM_ORGANISATION, "00D5g000", "https://crm.example.com/orgs/00D5g000/leads", true },
        { ZONE_CRM_ORGANISATION, "acme-live", "https://acme-live.crm.example.com", true },
        { ZONE_CRM_ORGANISATION, "acme", "https://acme-live.crm.example.com", false },
        { ZONE_CRM_ORGANISATION, "00d5G000", "x?org=00D5g000", true },
        { ZONE_WEBHOOK, "https://hooks.example.com/leads", "https://hooks.example.com/leads/",
          true },
        { ZONE_WEBHOOK, "https://hooks.example.com/leads/", "https://Hooks.example.com/leads?x",
          true },
        { ZONE_WEBHOOK, "https://hooks.example.com/leads", "https://hooks.example.com/leads2",
          false },
        { ZONE_WEBHOOK, "https://hooks.example.com", "https://hooks.example.com:9/a", true },
        { ZONE_SECRET, "production/*", "production/crm-token", true },
        { ZONE_SECRET, "production/*", "sandbox/crm-token", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (zone_covers(cases[i].kind, cases[i].entry, cases[i].value) != cases[i].covers)
            fail_msg("%s and %s", cases[i].entry, cases[i].value);
}

static void test_zone__finds_the_entry_of_any_list(void **state)
{
    static const char text[] = "{\"hosts\":[\"a.io\",\"b.io\"],\"secrets\":[\"live/*\"]}";
    (void)state;
    struct json *lists OWNED(json_release) = NULL;
    struct zone_match match;
    struct error err;
    assert_int_equal(json_parse(&lists, text, strlen(text), &err), STATUS_OK);
    assert_true(zone_find(&match, lists, "https://b.io"));
    assert_int_equal(match.kind, ZONE_HOST);
    assert_string_equal(match.entry, "b.io");
    assert_true(zone_find(&match, lists, "live/token"));
    assert_int_equal(match.kind, ZONE_SECRET);
    assert_string_equal(zone_kind_member(match.kind), "secrets");
    assert_false(zone_find(&match, lists, "https://c.io"));
    assert_false(zone_find(&match, NULL, "https://b.io"));
}

static void test_zone__tells_what_two_values_share(void **state)
{
    (void)state;
    struct zone_match match;
    struct zone_scratch scratch;
    assert_true(
        zone_same(&match, "https://crm.example.com/a", "http://CRM.example.com:81/b", &scratch));
    assert_int_equal(match.kind, ZONE_HOST);
    assert_string_equal(match.entry, "crm.example.com");
    assert_true(zone_same(&match, "+1 202 555 0100", "tel:+12025550100", &scratch));
    assert_int_equal(match.kind, ZONE_NUMBER);
    assert_true(zone_same(&match, "crm-token", "crm-token", &scratch));
    assert_int_equal(match.kind, ZONE_SECRET);
    assert_false(zone_same(&match, "sandbox/token", "live/token", &scratch));
    assert_false(zone_same(&match, "https://a.io", "https://b.io", &scratch));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone__covers_what_an_entry_means),
        cmocka_unit_test(test_zone__finds_the_entry_of_any_list),
        cmocka_unit_test(test_zone__tells_what_two_values_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
