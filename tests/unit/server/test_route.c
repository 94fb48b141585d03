// From a path to its row, with what its holes held.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "handler.h"
#include "release/control_key.h"
#include "route.h"

static void test_route__finds_the_row_and_its_holes(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum status (*handle)(struct exchange *exchange, struct error *err);
        enum artifact_kind kind;
        const char *name;
        uint32_t version;
        const char *file_path;
    } cases[] = {
        { "/v1/prompts/greeting", handler_artifact, KIND_PROMPT, "greeting", 0, NULL },
        { "/v1/prompts/outbound/greeting@4", handler_artifact, KIND_PROMPT, "outbound/greeting", 4,
          NULL },
        { "/v1/tools/crm/log-outcome", handler_artifact, KIND_TOOL, "crm/log-outcome", 0, NULL },
        { "/v1/knowledge/plans@4294967295", handler_artifact, KIND_KNOWLEDGE, "plans", 4294967295,
          NULL },
        { "/v1/knowledge/plans/-/files/docs/a.md", handler_file, KIND_KNOWLEDGE, "plans", 0,
          "docs/a.md" },
        { "/v1/knowledge/plans@12/-/files/docs/-/files/a", handler_file, KIND_KNOWLEDGE, "plans",
          12, "docs/-/files/a" },
        { "/v1/prompts/a/b/-/archive.tar.gz", handler_archive_tar_gz, KIND_PROMPT, "a/b", 0, NULL },
        { "/v1/tools/a@1/-/archive.zip", handler_archive_zip, KIND_TOOL, "a", 1, NULL },
        { "/v1/prompts/live/archive.zip", handler_artifact, KIND_PROMPT, "live/archive.zip", 0,
          NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct route_match match;
        route_find(&match, cases[i].path);
        if (match.route->handle != cases[i].handle)
            fail_msg("wrong row for %s", cases[i].path);
        assert_int_equal(match.kind, cases[i].kind);
        assert_int_equal(match.version, cases[i].version);
        assert_int_equal(match.name_bytes, strlen(cases[i].name));
        assert_memory_equal(match.name, cases[i].name, match.name_bytes);
        if (cases[i].file_path)
            assert_string_equal(match.file_path, cases[i].file_path);
    }
}

static void test_route__knows_the_plain_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum status (*handle)(struct exchange *exchange, struct error *err);
        unsigned roles;
    } cases[] = {
        { "/v1/live", handler_live, ROLE_RUNTIME | ROLE_AUDITOR | ROLE_OPERATOR },
        { "/healthz", handler_healthz, 0 },
        { "/readyz", handler_readyz, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct route_match match;
        route_find(&match, cases[i].path);
        assert_ptr_equal(match.route->handle, cases[i].handle);
        assert_int_equal(match.route->roles, cases[i].roles);
    }
}

static void test_route__sends_all_else_to_the_row_that_tells_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/",
        "*",
        "/v1",
        "/v1/",
        "/v1/live/",
        "/v1/prompts",
        "/v1/prompt/greeting",
        "/v2/prompts/greeting",
        "/v1/prompts/greeting@",
        "/v1/prompts/greeting@0",
        "/v1/prompts/greeting@01",
        "/v1/prompts/greeting@4x",
        "/v1/prompts/greeting@-4",
        "/v1/prompts/greeting@4@5",
        "/v1/prompts/greeting@4294967296",
        "/v1/prompts/greeting@99999999999999999999999999",
        "/v1/prompts/greeting/-/",
        "/v1/prompts/greeting/-/files/",
        "/v1/prompts/greeting/-/archive.tar",
        "/v1/prompts/greeting/-/archive.zip/",
        "/healthz/",
        "/metric",
    };
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct route_match match;
        route_find(&match, paths[i]);
        if (match.route->handle != handler_unknown)
            fail_msg("a row for %s", paths[i]);
        assert_int_equal(match.route->roles, ROLE_ANY);
    }
}

static void test_route__offers_reading_only(void **state)
{
    (void)state;
    struct route_match match;
    char allow[ROUTE_ALLOW_BYTES];
    route_find(&match, "/v1/prompts/greeting");
    assert_int_equal(match.route->methods, METHOD_GET | METHOD_HEAD);
    route_allow(match.route, allow);
    assert_string_equal(allow, "GET, HEAD, OPTIONS");
}

static void test_route__knows_methods_in_upper_case_only(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum route_method method;
    } cases[] = {
        { "GET", METHOD_GET },          { "HEAD", METHOD_HEAD },  { "OPTIONS", METHOD_OPTIONS },
        { "POST", METHOD_POST },        { "PUT", METHOD_OTHER },  { "TRACE", METHOD_OTHER },
        { "get", METHOD_UNKNOWN },      { "GE", METHOD_UNKNOWN }, { "GETS", METHOD_UNKNOWN },
        { "PROPFIND", METHOD_UNKNOWN }, { "", METHOD_UNKNOWN },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(route_method_parse(cases[i].word, strlen(cases[i].word)), cases[i].method);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route__finds_the_row_and_its_holes),
        cmocka_unit_test(test_route__knows_the_plain_paths),
        cmocka_unit_test(test_route__sends_all_else_to_the_row_that_tells_nothing),
        cmocka_unit_test(test_route__offers_reading_only),
        cmocka_unit_test(test_route__knows_methods_in_upper_case_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
