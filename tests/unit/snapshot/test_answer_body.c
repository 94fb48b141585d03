// The JSON that callers get, for each kind.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "release/bindings.h"
#include "snapshot/answer_body.h"
#include "trust/hash.h"

struct given {
    const char *path;
    const char *text;
};

// A release as verification leaves it, of these files. The manifest is the first.
static void make_release(struct verify_release *release, const struct given *files, size_t count)
{
    struct error err = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    for (size_t i = 0; i < count; i++)
        assert_int_equal(content_add_bytes(&release->content, files[i].path, files[i].text,
                                           strlen(files[i].text), &err),
                         STATUS_OK);
    assert_int_equal(content_seal(&release->content, &err), STATUS_OK);
    assert_int_equal(hash_content(&release->digest, &release->content, &err), STATUS_OK);
    if (manifest_read(&release->manifest, &release->content, &findings, &err) != STATUS_OK)
        fail_msg("%s: %s", err.message, findings.count ? findings.items[0].message : "");
    release->id = release->manifest.id;
    release->id.version = 4;
    release->released_at = 1767225600;
    release->commit = (struct oid) { { 0xab } };
}

static char *print_resolved(const struct verify_release *release, const struct json *resolved,
                            struct json **out)
{
    struct error err = { 0 };
    struct buffer body = { 0 };
    if (answer_body_print(&body, release, resolved, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    if (json_parse(out, body.bytes, body.length, &err) != STATUS_OK)
        fail_msg("%s: %s", err.message, body.bytes);
    return buffer_detach(&body);
}

static char *print(const struct verify_release *release, struct json **out)
{
    return print_resolved(release, NULL, out);
}

static void assert_text(const struct json *body, const char *pointer, const char *expected)
{
    const char *found = json_string(json_at(body, pointer));
    if (!found)
        fail_msg("nothing at %s", pointer);
    assert_string_equal(found, expected);
}

static void test_answer_body__of_a_prompt_has_the_sections_text(void **state)
{
    (void)state;
    static const struct given files[] = {
        { "artifact.json",
          "{\"kind\":\"prompt\",\"name\":\"outbound/greeting\",\"title\":\"Greeting\","
          "\"language\":\"en-US\",\"sections\":[{\"name\":\"identity\",\"file\":\"a.md\"},"
          "{\"name\":\"opening\",\"file\":\"b.md\",\"direction\":\"outbound\"}],"
          "\"variables\":{ \"type\":\"object\", \"properties\":{\"n\":{\"const\":1.10}}},"
          "\"escape\":\"none\",\"uses\":[\"tool/crm/log-outcome\"],"
          "\"fallback\":{\"file\":\"c.md\"},\"readiness\":{\"suppression\":\"crm\"}}" },
        { "a.md", "I am\n\"here\".\n" },
        { "b.md", "gr\xc3\xbc\xc3\x9f {{n}}" },
        { "c.md", "Call back later." },
    };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    struct json *body OWNED(json_release) = NULL;
    char digest[DIGEST_TEXT_BYTES];
    make_release(&release, files, COUNT_OF(files));
    char *text OWNED(memory_release) = print(&release, &body);
    digest_format(&release.digest, digest);
    assert_text(body, "/artifact", "prompt/outbound/greeting");
    assert_int_equal(json_get_integer(body, "version", 0), 4);
    assert_text(body, "/digest", digest);
    assert_text(body, "/released_at", "2026-01-01T00:00:00Z");
    assert_text(body, "/commit", "ab00000000000000000000000000000000000000");
    assert_text(body, "/prompt/title", "Greeting");
    assert_text(body, "/prompt/language", "en-US");
    assert_text(body, "/prompt/escape", "none");
    assert_text(body, "/prompt/sections/0/name", "identity");
    assert_text(body, "/prompt/sections/0/text", "I am\n\"here\".\n");
    assert_null(json_at(body, "/prompt/sections/0/direction"));
    assert_text(body, "/prompt/sections/1/direction", "outbound");
    assert_text(body, "/prompt/sections/1/text", "gr\xc3\xbc\xc3\x9f {{n}}");
    assert_text(body, "/prompt/fallback/text", "Call back later.");
    assert_text(body, "/prompt/uses/0", "tool/crm/log-outcome");
    assert_text(body, "/prompt/readiness/suppression", "crm");
    assert_null(json_at(body, "/prompt/description"));
    assert_non_null(strstr(text, "\"variables\":{ \"type\":\"object\", \"properties\":{\"n\":"
                                 "{\"const\":1.10}}}"));
}

static void test_answer_body__of_a_tool_speaks_mcp(void **state)
{
    (void)state;
    static const struct given files[] = {
        { "artifact.json",
          "{\"kind\":\"tool\",\"name\":\"crm/log-outcome\",\"title\":\"Log\","
          "\"description\":\"Records it.\","
          "\"input_schema\":{\"type\": \"object\",\n  \"properties\": {\"b\":{}, \"a\":{}}},"
          "\"annotations\":{\"idempotentHint\":true},"
          "\"endpoint\":{\"binding\":\"crm\",\"method\":\"POST\",\"path\":\"/v1/outcomes\"},"
          "\"headers\":{\"Authorization\":{\"secret\":\"crm-token\"}},\"timeout_ms\":3000,"
          "\"side_effect\":\"crm-write\",\"idempotency\":\"key\"}" },
    };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    struct json *body OWNED(json_release) = NULL;
    make_release(&release, files, COUNT_OF(files));
    char *text OWNED(memory_release) = print(&release, &body);
    assert_text(body, "/artifact", "tool/crm/log-outcome");
    assert_text(body, "/tool/name", "crm_log-outcome");
    assert_text(body, "/tool/description", "Records it.");
    assert_text(body, "/tool/endpoint/path", "/v1/outcomes");
    assert_text(body, "/tool/headers/Authorization/secret", "crm-token");
    assert_text(body, "/tool/side_effect", "crm-write");
    assert_int_equal(json_get_integer(json_get(body, "tool"), "timeout_ms", 0), 3000);
    assert_null(json_at(body, "/tool/outputSchema"));
    assert_null(json_at(body, "/tool/examples"));
    assert_non_null(strstr(text, "\"inputSchema\":{\"type\": \"object\",\n  \"properties\": "
                                 "{\"b\":{}, \"a\":{}}}"));
}

// A tool of one binding, and of a secret's name.
static void print_tool(struct json **out, const char *endpoint, const char *bindings)
{
    char manifest[512];
    snprintf(manifest, sizeof(manifest),
             "{\"kind\":\"tool\",\"name\":\"crm/find\",\"description\":\"Finds.\","
             "\"input_schema\":{\"type\":\"object\"},\"endpoint\":%s,"
             "\"headers\":{\"Authorization\":{\"secret\":\"crm-token\"}}}",
             endpoint);
    const struct given files[] = { { "artifact.json", manifest } };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    struct json *given OWNED(json_release) = NULL;
    struct error err;
    make_release(&release, files, 1);
    assert_int_equal(json_parse(&given, bindings, strlen(bindings), &err), STATUS_OK);
    struct json *resolved OWNED(json_release) = bindings_resolve(given, &release.manifest);
    char *text OWNED(memory_release) = print_resolved(&release, resolved, out);
    assert_non_null(text);
}

static void test_answer_body__resolves_an_endpoint_as_the_environment_binds_it(void **state)
{
    (void)state;
    struct json *body OWNED(json_release) = NULL;
    print_tool(
        &body, "{\"binding\":\"crm\",\"path\":\"/v1/find\"}",
        "{\"crm\":\"https://crm.example.com/\",\"crm-token\":\"vault/crm\",\"other\":\"x\"}");
    assert_text(body, "/tool/endpoint/url", "https://crm.example.com/v1/find");
    assert_text(body, "/tool/endpoint/method", "POST");
    assert_text(body, "/tool/bindings/crm", "https://crm.example.com/");
    assert_text(body, "/tool/bindings/crm-token", "vault/crm");
    assert_int_equal(json_count(json_at(body, "/tool/bindings")), 2);
}

static void test_answer_body__says_that_a_binding_means_nothing(void **state)
{
    (void)state;
    struct json *unset OWNED(json_release) = NULL;
    struct json *number OWNED(json_release) = NULL;
    print_tool(&unset, "{\"binding\":\"crm\",\"method\":\"GET\"}", "{}");
    assert_non_null(json_at(unset, "/tool/endpoint/url"));
    assert_null(json_string(json_at(unset, "/tool/endpoint/url")));
    assert_text(unset, "/tool/endpoint/method", "GET");
    assert_null(json_string(json_at(unset, "/tool/bindings/crm")));
    print_tool(&number, "{\"binding\":\"crm\"}", "{\"crm\":\"+12025550100\"}");
    assert_null(json_string(json_at(number, "/tool/endpoint/url")));
}

static void test_answer_body__of_a_knowledge_base_lists_what_its_digest_is_made_of(void **state)
{
    (void)state;
    static const struct given files[] = {
        { "artifact.json", "{\"kind\":\"knowledge\",\"name\":\"plans\",\"title\":\"Plans\"}" },
        { "docs/a b.md", "# A" },
        { "docs/b.txt", "B\n" },
    };
    struct verify_release release OWNED(verify_release_free) = { 0 };
    struct json *body OWNED(json_release) = NULL;
    struct buffer lines OWNED(buffer_release) = { 0 };
    struct digest digest;
    struct error err;
    make_release(&release, files, COUNT_OF(files));
    char *text OWNED(memory_release) = print(&release, &body);
    assert_non_null(text);
    const struct json *list = json_at(body, "/knowledge/files");
    assert_int_equal(json_count(list), 3);
    for (const struct json *file = json_first(list); file; file = json_next(file))
        buffer_append_format(&lines, "%s  %s\n", json_get_string(file, "sha256", ""),
                             json_get_string(file, "path", ""));
    assert_int_equal(hash_bytes(&digest, lines.bytes, lines.length, &err), STATUS_OK);
    assert_true(digest_equal(&digest, &release.digest));
    assert_text(body, "/knowledge/title", "Plans");
    assert_int_equal(json_get_integer(json_at(list, "/2"), "size", 0), 2);
}

static void test_answer_body__makes_one_tool_name_of_one_artifact(void **state)
{
    (void)state;
    char name[ID_NAME_BYTES];
    answer_body_tool_name(name, "a/b-c/d/e");
    assert_string_equal(name, "a_b-c_d_e");
    answer_body_tool_name(name, "plain");
    assert_string_equal(name, "plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_body__of_a_prompt_has_the_sections_text),
        cmocka_unit_test(test_answer_body__of_a_tool_speaks_mcp),
        cmocka_unit_test(test_answer_body__resolves_an_endpoint_as_the_environment_binds_it),
        cmocka_unit_test(test_answer_body__says_that_a_binding_means_nothing),
        cmocka_unit_test(test_answer_body__of_a_knowledge_base_lists_what_its_digest_is_made_of),
        cmocka_unit_test(test_answer_body__makes_one_tool_name_of_one_artifact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
