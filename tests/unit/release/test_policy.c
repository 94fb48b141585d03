// Policies: the built-in ones are valid, and each mistake of a policy is found with its place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "release/policy.h"

static void test_policy__built_in_ones_are_valid(void **state)
{
    static const char *const names[] = { "minimal", "standard" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        const char *text;
        struct json *policy OWNED(json_release) = NULL;
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        assert_int_equal(policy_find(&text, names[i], &err), STATUS_OK);
        assert_int_equal(policy_parse(&policy, text, strlen(text), &findings, &err), STATUS_OK);
        assert_int_equal(findings.count, 0);
        assert_string_equal(json_get_string(policy, "name", ""), names[i]);
    }
}

static void test_policy__standard_is_four_stages_and_a_checklist_of_six(void **state)
{
    (void)state;
    struct error err = { 0 };
    const char *text;
    size_t last = 0;
    struct json *policy OWNED(json_release) = NULL;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    assert_int_equal(policy_find(&text, "standard", &err), STATUS_OK);
    assert_int_equal(policy_parse(&policy, text, strlen(text), &findings, &err), STATUS_OK);
    assert_int_equal(json_count(json_get(policy, "stages")), 5);
    for (const struct json *item = json_first(json_get(policy, "items")); item;
         item = json_next(item))
        last += strcmp(json_get_string(item, "stage", ""), "checklist") == 0;
    assert_int_equal(last, 6);
}

static void test_policy__unknown_name_is_refused_with_the_known_ones(void **state)
{
    static const char *const names[] = { "lax", "", "../policy-minimal", "schema" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        const char *text = NULL;
        assert_int_equal(policy_find(&text, names[i], &err), STATUS_NOT_FOUND);
        assert_non_null(strstr(err.hint, "standard"));
        assert_null(text);
    }
}

#define ITEM "{\"id\":\"a\",\"stage\":\"s\",\"title\":\"T\",\"scope\":\"artifact\""
#define FAR_ITEM "{\"id\":\"a\",\"stage\":\"s\",\"title\":\"T\",\"scope\":\"planet\"}"
#define FREEZE "{\"from\":\"today\",\"to\":\"2090-01-01T00:00:00Z\",\"reason\":\"r\"}"
#define STAGED "\"stages\":[{\"id\":\"s\",\"title\":\"S\"}],"

static void test_policy__each_mistake_is_a_finding_at_its_line(void **state)
{
    static const char *const members[] = {
        "\"format\":2,\"number\":1",
        "\"number\":0",
        "\"number\":\"two\"",
        "\"number\":1,\"unknown\":1",
        "\"number\":1," STAGED "\"items\":[" ITEM ",\"scope2\":1}]",
        "\"number\":1," STAGED "\"items\":[" ITEM ",\"valid_for\":\"forever\"}]",
        "\"number\":1," STAGED "\"items\":[" ITEM ",\"kinds\":[\"model\"]}]",
        "\"number\":1," STAGED "\"items\":[" FAR_ITEM "]",
        "\"number\":1,\"approvals\":[{\"count\":0}]",
        "\"number\":1,\"approvals\":[{}]",
        "\"number\":1,\"approval_valid_for\":\"0d\"",
        "\"number\":1,\"freezes\":[" FREEZE "]",
        "\"number\":1,\"break_glass\":{}",
        "\"number\":1,\"groups\":{\"Security\":[]}",
        "\"number\":1,\"ramp\":{\"steps\":[0]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        struct error err = { 0 };
        struct json *policy OWNED(json_release) = NULL;
        struct buffer text OWNED(buffer_release) = { 0 };
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        buffer_append_format(&text, "{\"name\":\"tried\",%s\n%s}", i == 0 ? "" : "\"format\":1,",
                             members[i]);
        enum status status = policy_parse(&policy, text.bytes, text.length, &findings, &err);
        if (status != STATUS_REFUSED || findings.count == 0)
            fail_msg("taken: %s", members[i]);
        assert_null(policy);
        assert_string_equal(err.code, "policy_invalid");
        assert_string_equal(findings.items[0].rule, "policy.schema");
        assert_true(findings.items[0].line >= 1);
        assert_true(findings.items[0].message[0]);
        assert_true(findings.items[0].mend[0]);
    }
}

static void test_policy__finding_names_the_place(void **state)
{
    static const char text[] = "{\n  \"format\": 1,\n  \"name\": \"x\",\n  \"number\": -3\n}";
    (void)state;
    struct error err = { 0 };
    struct json *policy OWNED(json_release) = NULL;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    assert_int_equal(policy_parse(&policy, text, strlen(text), &findings, &err), STATUS_REFUSED);
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].line, 4);
    assert_non_null(strstr(findings.items[0].message, "/number"));
}

static void test_policy__text_that_is_no_json_is_invalid(void **state)
{
    static const char *const texts[] = { "", "{", "{} {}", "{\"format\":1,\"format\":1}" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct json *policy OWNED(json_release) = NULL;
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        assert_int_equal(policy_parse(&policy, texts[i], strlen(texts[i]), &findings, &err),
                         STATUS_INVALID);
        assert_non_null(strstr(err.message, "policy"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy__built_in_ones_are_valid),
        cmocka_unit_test(test_policy__standard_is_four_stages_and_a_checklist_of_six),
        cmocka_unit_test(test_policy__unknown_name_is_refused_with_the_known_ones),
        cmocka_unit_test(test_policy__each_mistake_is_a_finding_at_its_line),
        cmocka_unit_test(test_policy__finding_names_the_place),
        cmocka_unit_test(test_policy__text_that_is_no_json_is_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
