// Manifests: every fault is found at once, at its place, with words on how to mend it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/manifest.h"
#include "base/file.h"
#include "base/memory.h"
#include "unit/artifact/given_manifest.h"

static void test_manifest__takes_the_least_of_each_kind(void **state)
{
    static const struct {
        struct given_file files[4];
        enum artifact_kind kind;
        const char *name;
    } least[] = {
        { { { "artifact.json", "{" PROMPT "}" }, { "a.md", "" }, { 0 } }, KIND_PROMPT, "x/y" },
        { { { "artifact.json", "{" TOOL "}" }, { 0 } }, KIND_TOOL, "x" },
        { { { "artifact.json", "{" KNOWLEDGE "}" }, { "docs/a.pdf", "" }, { 0 } },
          KIND_KNOWLEDGE,
          "x" },
    };
    for (size_t i = 0; i < COUNT_OF(least); i++) {
        struct error err = { 0 };
        struct content content OWNED(content_release) = { 0 };
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        given_content(&content, least[i].files);
        assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                         STATUS_OK);
        assert_int_equal(findings.count, 0);
        assert_int_equal(manifest.id.kind, least[i].kind);
        assert_string_equal(manifest.id.name, least[i].name);
        assert_int_equal(manifest.id.version, 0);
        assert_string_equal(manifest.text, least[i].files[0].text);
        assert_int_equal(manifest.text_bytes, strlen(manifest.text));
    }
}

static void test_manifest__takes_every_member(void **state)
{
    static const struct given_file prompt[] = {
        { "artifact.json",
          "{\"$schema\":\"s.json\"," PROMPT ",\"title\":\"T\",\"description\":\"\","
          "\"language\":\"en-US\",\"variables\":{\"type\":\"object\"},\"examples\":[{\"a\":1}],"
          "\"escape\":\"html\",\"uses\":[\"tool/x/y\",\"prompt/x\"],"
          "\"fallback\":{\"file\":\"f.md\"},\"readiness\":{\"suppression\":\"do-not-call\","
          "\"schedule\":[{\"days\":[\"mon\",\"sun\"],\"from\":\"00:00\",\"to\":\"24:00\","
          "\"time_zone\":\"America/Argentina/Buenos_Aires\"}],\"disclosures\":[\"recorded\"]}}" },
        { "a.md", "A" },
        { "f.md", "F" },
        { "README.md", "for people" },
        { 0 }
    };
    static const struct given_file tool[] = {
        { "artifact.json",
          "{" TOOL ",\"title\":\"T\",\"output_schema\":{\"oneOf\":[]},"
          "\"annotations\":{\"readOnlyHint\":true,\"vendor\":1},"
          "\"endpoint\":{\"binding\":\"crm\",\"method\":\"POST\",\"path\":\"/v1/{id}?a=b\"},"
          "\"headers\":{\"Authorization\":{\"secret\":\"crm-token\"},\"Accept\":\"text/plain\"},"
          "\"timeout_ms\":120000,\"side_effect\":\"crm-write\",\"idempotency\":\"key\","
          "\"examples\":[{\"input\":{},\"output\":null}],\"uses\":[]}" },
        { "source.json", "{}" },
        { 0 }
    };
    static const struct given_file knowledge[] = {
        { "artifact.json", "{" KNOWLEDGE ",\"description\":\"D\",\"source\":\"S\",\"language\":"
                           "\"zh-Hant-TW\"}" },
        { "docs/a.MD", "A" },
        { "LICENSE", "" },
        { 0 }
    };
    const struct given_file *const whole[] = { prompt, tool, knowledge };
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        enum status status = given_read_files(state, &findings, whole[i]);
        if (findings.count > 0)
            fail_msg("%s", findings.items[0].message);
        assert_int_equal(status, STATUS_OK);
    }
}

// A fault, where it stands in the text, and words that its finding must hold.
static void test_manifest__explains_each_fault(void **state)
{
    static const struct {
        const char *manifest;
        const char *rule;
        uint32_t line;
        uint32_t column;
        const char *message;
        const char *mend;
    } cases[] = {
        { "{\n \"kind\":\"prompt\",}", "manifest.json", 2, 18, "", "" },
        { "", "manifest.json", 1, 1, "", "" },
        { "{\"kind\":\"tool\",\"kind\":\"tool\"}", "manifest.json", 1, 16, "kind", "" },
        { "{\"kind\":\"\xff\"}", "manifest.json", 1, 10, "UTF-8", "" },
        { "[]", "manifest.kind", 1, 1, "not a JSON object", "prompt, tool" },
        { "{\"name\":\"x\"}", "manifest.kind", 1, 1, "missing", "prompt, tool" },
        { "{\"kind\":7}", "manifest.kind", 1, 9, "not a string", "prompt, tool" },
        { "{\n\"kind\": \"agent\"}", "manifest.kind", 2, 9, "'agent'", "prompt, tool" },
        { "{\"kind\":\"prompt\",\"name\":\"x\"}", "manifest.schema", 1, 1, "'sections' is missing",
          "add \"sections\": The parts of the prompt" },
        { "{\"kind\":\"knowledge\",\"name\":\"x\"}", "manifest.schema", 1, 1, "'title' is missing",
          "add \"title\": What people call it" },
        { "{\"kind\":\"knowledge\",\"name\":\"x\\n\",\"title\":\"T\"}", "manifest.schema", 1, 28,
          "/name", "lower-case" },
        { "{" TOOL ",\n \"titel\":\"x\"}", "manifest.schema", 2, 10,
          "/titel: no member 'titel' is expected", "title, description, input_schema" },
        { "{" TOOL ",\"title\":\"\"}", "manifest.schema", 1, 86,
          "/title: ", "\"Outbound greeting\"" },
        { "{" TOOL ",\n\"timeout_ms\":0}", "manifest.schema", 2, 14,
          "/timeout_ms: ", "from 1 to 120000" },
        { "{" TOOL ",\n\"endpoint\":{\"binding\":\"https://x\"}}", "manifest.schema", 2, 23,
          "/endpoint/binding: \"https://x\" does not have the form asked for", "Never a URL" },
        { "{" TOOL ",\n\"endpoint\":{\"binding\":\"crm\",\"path\":\"//host/x\"}}",
          "manifest.schema", 2, 36, "/endpoint/path", "one '/'" },
        { "{" TOOL ",\n\"headers\":{\"B\xc3\xa4\":\"x\"}}", "manifest.schema", 2, 17,
          "\"B\xc3\xa4\" does not have", "\"Authorization\"" },
        { "{" TOOL ",\n\"input_schema\":{}}", "manifest.json", 2, 1, "", "" }, // a key twice
        { "{\"kind\":\"prompt\",\"name\":\"X\",\"sections\":[]}", "manifest.schema", 1, 25,
          "/name: \"X\"", "lower-case letters" },
        { "{\"kind\":\"prompt\",\"name\":\"x\",\n\"sections\":[{\"name\":\"a\",\"file\":\"b.md\"}]"
          "}",
          "manifest.file-missing", 2, 32, "'b.md'", "add the file" },
        { "{\"kind\":\"prompt\",\"name\":\"x\",\n\"sections\":[{\"name\":\"a\",\"file\":\"s/"
          "A.md\"}]}",
          "manifest.file-missing", 2, 32, "'s/A.md'", "there is 'a.md'" },
        { "{\"kind\":\"prompt\",\"name\":\"x\",\n\"sections\":[{\"name\":\"a\",\"file\":\"../"
          "a.md\"}]}",
          "manifest.file-missing", 2, 32, "'../a.md'", "relative" },
        { "{" PROMPT ",\n\"fallback\":{\"file\":\"f.md\"}}", "manifest.file-missing", 2, 20,
          "'f.md'", "add the file" },
        { "{" PROMPT ",\n\"uses\":[\"tool/a\",\"prompt/x/y\"]}", "manifest.uses", 2, 18, "itself",
          "take it out" },
        { "{" PROMPT ",\n\"uses\":[\"tool/a@3\"]}", "manifest.schema", 2, 9, "/uses/0",
          "without a version" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        assert_int_equal(given_read_text(state, &findings, cases[i].manifest), STATUS_REFUSED);
        const struct finding *finding = given_finding(&findings, cases[i].rule);
        if (!finding)
            fail_msg("%s: %s", cases[i].manifest, findings.items[0].rule);
        if (finding->line != cases[i].line || finding->column != cases[i].column ||
            !strstr(finding->message, cases[i].message) || !strstr(finding->mend, cases[i].mend))
            fail_msg("%s: %u:%u %s / %s", cases[i].manifest, finding->line, finding->column,
                     finding->message, finding->mend);
        assert_true(strncmp(finding->message, "line ", 5) != 0);
        assert_string_equal(finding->file, "artifact.json");
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_true(finding->mend[0] != '\0');
    }
}

static void test_manifest__finds_all_faults_at_once(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    static const struct given_file files[] = {
        { "artifact.json",
          "{\"kind\":\"prompt\",\"name\":\"UP\",\"titel\":1,\"language\":\"e\",\"escape\":\"xml\","
          "\"sections\":[{\"name\":\"a\",\"file\":\"latin.md\"},{\"name\":\"a\",\"file\":\"b.md\"},"
          "{\"file\":7}]}" },
        { "latin.md", "ok\ngr\xfc\xdf" },
        { 0 }
    };
    assert_int_equal(given_read_files(state, &findings, files), STATUS_REFUSED);
    // Six by the schema (two of them in the last section), and one of each other rule.
    assert_int_equal(findings.count, 9);
    assert_int_equal(finding_count(&findings, SEVERITY_ERROR), 9);
    assert_non_null(given_finding(&findings, "manifest.section-duplicate"));
    assert_non_null(given_finding(&findings, "manifest.file-missing"));
    assert_non_null(given_finding(&findings, "manifest.not-utf8"));
}

static void test_manifest__does_not_repeat_a_secret(void **state)
{
    static const char *const texts[] = {
        "{" TOOL ",\"headers\":{\"A\":{\"secret\":\"Bearer hunter2\"}}}",
        "{" TOOL ",\"headers\":{\"A\":\"hunter2\\n\"}}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        assert_int_equal(given_read_text(state, &findings, texts[i]), STATUS_REFUSED);
        const struct finding *finding = given_finding(&findings, "manifest.schema");
        assert_non_null(strstr(finding->message, "does not have the form asked for"));
        assert_null(strstr(finding->message, "hunter2"));
    }
}

static void test_manifest__cuts_a_long_value_between_characters(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_text(&text, "{" TOOL ",\"endpoint\":{\"binding\":\"x");
    for (int i = 0; i < 200; i++)
        buffer_append_text(&text, "\xe2\x82\xac");
    buffer_append_text(&text, "\"}}");
    assert_int_equal(given_read_text(state, &findings, text.bytes), STATUS_REFUSED);
    const char *message = given_finding(&findings, "manifest.schema")->message;
    assert_non_null(strstr(message, "\xe2\x82\xac...\" does not have"));
    assert_true(strlen(message) < 200);
}

static void test_manifest__refuses_a_manifest_over_its_limit(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    assert_int_equal(content_add(&content, "artifact.json", MANIFEST_MAX_BYTES + 1, NULL, 0, &err),
                     STATUS_OK);
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                     STATUS_REFUSED);
    assert_string_equal(findings.items[0].rule, "manifest.too-long");
}

static void test_manifest__gives_up_on_endless_faults(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_text(&text, "{" TOOL ",\"uses\":[\"\"");
    while (text.length < MANIFEST_MAX_BYTES - 10)
        buffer_append_text(&text, ",\"\"");
    buffer_append_text(&text, "]}");
    assert_int_equal(given_read_text(state, &findings, text.bytes), STATUS_REFUSED);
    assert_int_equal(findings.count, FINDING_MAX + 1);
    assert_string_equal(findings.items[FINDING_MAX].rule, "finding.limit");
}

static void test_manifest__says_where_a_manifest_might_be(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    given_content(&content, (struct given_file[]) { { "greeting/artifact.json", "{}" }, { 0 } });
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                     STATUS_NOT_FOUND);
    assert_string_equal(err.code, "manifest_missing");
    assert_non_null(strstr(err.hint, "greeting/artifact.json"));
    assert_int_equal(findings.count, 0);
    content_release(&content);
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(err.hint, "--as"));
}

static void test_manifest__gives_members_byte_for_byte(void **state)
{
    static const char schema[] = "{ \"type\":\"object\" , \"x\":1.0e0 }";
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "{" TOOL ",\"output_schema\": %s\n}", schema);
    given_content(&content, (struct given_file[]) { { "artifact.json", text.bytes }, { 0 } });
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err), STATUS_OK);
    const char *bytes = NULL;
    size_t length = 0;
    assert_true(manifest_raw(&manifest, "/output_schema", &bytes, &length));
    assert_int_equal(length, strlen(schema));
    assert_memory_equal(bytes, schema, length);
    assert_false(manifest_raw(&manifest, "/annotations", &bytes, &length));
}

// The manifests in the documentation, which stand there without their files.
static void test_manifest__takes_the_examples_of_the_reference(void **state)
{
    static const char fence[] = "```json\n";
    struct error err = { 0 };
    struct buffer page OWNED(buffer_release) = { 0 };
    int count = 0;
    assert_int_equal(
        file_read(&page, TEST_SOURCE_DIR "/docs/reference/artifact-format.md", 1 << 20, &err),
        STATUS_OK);
    for (char *at = page.bytes; (at = strstr(at, fence)); count++) {
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        char *text = at + sizeof(fence) - 1;
        at = strstr(text, "```");
        *at++ = '\0';
        given_read_text(state, &findings, text);
        for (size_t i = 0; i < findings.count; i++)
            if (findings.items[i].severity == SEVERITY_ERROR &&
                strcmp(findings.items[i].rule, "manifest.file-missing") != 0)
                fail_msg("%s", findings.items[i].message);
    }
    assert_int_equal(count, KIND_COUNT);
}

static void test_manifest__reads_without_a_reader_too(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    given_content(&content,
                  (struct given_file[]) { { "artifact.json", "{" TOOL ",\"x\":1}" }, { 0 } });
    assert_int_equal(manifest_read(&manifest, &content, &findings, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "manifest_refused");
    assert_non_null(strstr(err.message, "artifact.json:1: /x: "));
    assert_int_equal(findings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manifest__takes_the_least_of_each_kind),
        cmocka_unit_test(test_manifest__takes_every_member),
        cmocka_unit_test(test_manifest__explains_each_fault),
        cmocka_unit_test(test_manifest__finds_all_faults_at_once),
        cmocka_unit_test(test_manifest__does_not_repeat_a_secret),
        cmocka_unit_test(test_manifest__cuts_a_long_value_between_characters),
        cmocka_unit_test(test_manifest__refuses_a_manifest_over_its_limit),
        cmocka_unit_test(test_manifest__gives_up_on_endless_faults),
        cmocka_unit_test(test_manifest__says_where_a_manifest_might_be),
        cmocka_unit_test(test_manifest__gives_members_byte_for_byte),
        cmocka_unit_test(test_manifest__takes_the_examples_of_the_reference),
        cmocka_unit_test(test_manifest__reads_without_a_reader_too),
    };
    return cmocka_run_group_tests(tests, given_open_reader, given_close_reader);
}
