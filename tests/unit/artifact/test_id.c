// What an artifact is called.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/id.h"
#include "base/memory.h"

#define SEGMENT_63 "a23456789-123456789-123456789-123456789-123456789-123456789-123"

static void test_id__parses_kind_name_and_version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum artifact_kind kind;
        const char *name;
        uint32_t version;
    } good[] = {
        { "prompt/greeting", KIND_PROMPT, "greeting", 0 },
        { "prompt/outbound/greeting@4", KIND_PROMPT, "outbound/greeting", 4 },
        { "tool/a/b/c/d", KIND_TOOL, "a/b/c/d", 0 },
        { "knowledge/2026-plans@1", KIND_KNOWLEDGE, "2026-plans", 1 },
        { "tool/x@4294967295", KIND_TOOL, "x", 4294967295U },
        { "tool/" SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63, KIND_TOOL,
          SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct error err = { 0 };
        struct artifact_id id;
        assert_int_equal(id_parse(&id, good[i].text, &err), STATUS_OK);
        assert_int_equal(id.kind, good[i].kind);
        assert_string_equal(id.name, good[i].name);
        assert_int_equal(id.version, good[i].version);
    }
}

static void test_id__refuses_what_is_no_artifact(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "prompt",
        "prompt/",
        "/greeting",
        "greeting@1",
        "prompts/greeting",
        "Prompt/greeting",
        "prompt//greeting",
        "prompt/greeting/",
        "prompt/-greeting",
        "prompt/Greeting",
        "prompt/gr\xc3\xbc\xc3\x9f",
        "prompt/a_b",
        "prompt/a.b",
        "prompt/a b",
        "prompt/../b",
        "prompt/a/b/c/d/e",
        ("prompt/a" SEGMENT_63),
        "prompt/a@",
        "prompt/a@0",
        "prompt/a@01",
        "prompt/a@-1",
        "prompt/a@+1",
        "prompt/a@1x",
        "prompt/a@ 1",
        "prompt/a@4294967296",
        "prompt/a@99999999999999999999999999",
        "prompt/a@18446744073709551617", // 2^64 + 1
        "prompt/a@1@2",
        "prompt/a@1/b",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        struct artifact_id id = { .version = 42 };
        assert_int_equal(id_parse(&id, bad[i], &err), STATUS_INVALID);
        assert_true(err.hint[0] != '\0');
        assert_int_equal(id.version, 42);
    }
}

static void test_id__refuses_text_longer_than_any_id(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct artifact_id id;
    char text[4 * ID_TEXT_BYTES];
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    memcpy(text, "tool/", 5);
    assert_int_equal(id_parse(&id, text, &err), STATUS_INVALID);
}

static void test_id__asks_for_a_version_or_for_none(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct artifact_id id;
    assert_int_equal(id_parse_version(&id, "tool/x@3", &err), STATUS_OK);
    assert_int_equal(id.version, 3);
    assert_int_equal(id_parse_version(&id, "tool/x", &err), STATUS_INVALID);
    assert_string_equal(err.code, "version_missing");
    assert_int_equal(id_parse_bare(&id, "tool/y", &err), STATUS_OK);
    assert_string_equal(id.name, "y");
    assert_int_equal(id_parse_bare(&id, "tool/z@3", &err), STATUS_INVALID);
    assert_string_equal(err.code, "version_unwanted");
    assert_string_equal(id.name, "y");
}

static void test_id__formats_what_it_parsed(void **state)
{
    (void)state;
    static const char *const texts[] = { "prompt/outbound/greeting@4", "tool/x",
                                         "knowledge/a/b@4294967295" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct artifact_id id;
        char text[ID_TEXT_BYTES];
        assert_int_equal(id_parse(&id, texts[i], &err), STATUS_OK);
        id_format(&id, text);
        assert_string_equal(text, texts[i]);
        id_format_bare(&id, text);
        assert_null(strchr(text, '@'));
        assert_true(strncmp(text, texts[i], strlen(text)) == 0);
    }
}

static void test_id__formats_the_longest_id_whole(void **state)
{
    (void)state;
    static const char longest[] =
        "knowledge/" SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63 "/" SEGMENT_63 "@4294967295";
    struct error err = { 0 };
    struct artifact_id id;
    char text[ID_TEXT_BYTES];
    assert_int_equal(id_parse(&id, longest, &err), STATUS_OK);
    id_format(&id, text);
    assert_string_equal(text, longest);
}

static void test_id__knows_its_kinds(void **state)
{
    (void)state;
    struct error err = { 0 };
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        enum artifact_kind parsed;
        assert_int_equal(id_kind_parse(&parsed, id_kind_word((enum artifact_kind)kind), &err),
                         STATUS_OK);
        assert_int_equal(parsed, kind);
    }
    enum artifact_kind parsed;
    assert_int_equal(id_kind_parse(&parsed, "agent", &err), STATUS_INVALID);
    assert_string_equal(err.code, "kind_invalid");
}

static void test_id__sets_a_name_only_when_it_fits(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct artifact_id id = { 0 };
    assert_int_equal(id_set_name(&id, "crm/log-outcome", &err), STATUS_OK);
    assert_int_equal(id_set_name(&id, "crm/", &err), STATUS_INVALID);
    assert_string_equal(err.code, "name_invalid");
    assert_string_equal(id.name, "crm/log-outcome");
}

static void test_id__compares_without_the_version(void **state)
{
    (void)state;
    struct artifact_id a = { .kind = KIND_TOOL, .version = 1, .name = "x" };
    struct artifact_id b = { .kind = KIND_TOOL, .version = 2, .name = "x" };
    assert_true(id_same_artifact(&a, &b));
    b.kind = KIND_PROMPT;
    assert_false(id_same_artifact(&a, &b));
    b = (struct artifact_id) { .kind = KIND_TOOL, .version = 1, .name = "y" };
    assert_false(id_same_artifact(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_id__parses_kind_name_and_version),
        cmocka_unit_test(test_id__refuses_what_is_no_artifact),
        cmocka_unit_test(test_id__refuses_text_longer_than_any_id),
        cmocka_unit_test(test_id__asks_for_a_version_or_for_none),
        cmocka_unit_test(test_id__formats_what_it_parsed),
        cmocka_unit_test(test_id__formats_the_longest_id_whole),
        cmocka_unit_test(test_id__knows_its_kinds),
        cmocka_unit_test(test_id__sets_a_name_only_when_it_fits),
        cmocka_unit_test(test_id__compares_without_the_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
